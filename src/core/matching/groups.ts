import { ruleOfPartitionSet } from '../model/ids.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { Match } from './rule-index.ts';

/** The groups of one rule. */
interface RuleGroups {
  setIds: Set<string>;
  /** The hour of the stream's clock in which the missing room was last reported. */
  reportedIn: number;
}

/**
 * The partition sets of rules with `groupBy`. A rule has room for a limited number, or a property that differs in every
 * event would start workflows without end. First come, first served.
 */
export class Groups {
  private readonly rules = new Map<string, RuleGroups>();
  private readonly room: number;

  constructor(room: number = LIMITS.groups) {
    this.room = room;
  }

  /** Adds an existing partition set. */
  add(setId: string): void {
    this.groupsOf(setId).setIds.add(setId);
  }

  /** Whether the partition set is known to exist. */
  has(setId: string): boolean {
    return this.rules.get(ruleOfPartitionSet(setId))?.setIds.has(setId) === true;
  }

  /** Removes a partition set that has ended. */
  delete(setId: string): void {
    const ruleId = ruleOfPartitionSet(setId);
    const setIds = this.rules.get(ruleId)?.setIds;
    setIds?.delete(setId);
    if (setIds?.size === 0) this.rules.delete(ruleId);
  }

  /**
   * The partition set for an event stored at `atMs` (epoch ms): that of its group. Without room for the group: null,
   * but once an hour another set of the rule, which then reports the limit. Always the same set, so that it is reported
   * once, whoever asks. Null too if there is nothing that the event could remove.
   */
  setFor({ rule, setId, forgets }: Match, atMs: number): string | null {
    if (rule.rule.groupBy === undefined) return setId;
    if (forgets === true && !this.has(setId)) return null;
    const groups = this.groupsOf(setId);
    const { setIds } = groups;
    if (!setIds.has(setId) && setIds.size < this.room) setIds.add(setId);
    if (setIds.has(setId)) return setId;
    const hour = Math.floor(atMs / LIMITS.limitReportMs);
    if (hour <= groups.reportedIn) return null;
    groups.reportedIn = hour;
    return [...setIds].reduce((first, each) => (each < first ? each : first));
  }

  private groupsOf(setId: string): RuleGroups {
    const ruleId = ruleOfPartitionSet(setId);
    const groups = this.rules.get(ruleId) ?? { setIds: new Set(), reportedIn: -Infinity };
    this.rules.set(ruleId, groups);
    return groups;
  }
}
