import { ruleOfPartitionSet } from '../model/ids.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { Match } from './rule-index.ts';

/** The groups of one rule. */
interface RuleGroups {
  setIds: Set<string>;
  /** The hour of the stream's clock in which it was last said that there is no room. */
  toldIn: number;
}

/**
 * The sets of the rules with `groupBy`: a rule has room for so many, or a property that differs with every event would
 * start workflows without end. Which groups have one is first come, first served.
 */
export class Groups {
  private readonly rules = new Map<string, RuleGroups>();
  private readonly room: number;

  constructor(room: number = LIMITS.groups) {
    this.room = room;
  }

  /** A set that is there. */
  add(setId: string): void {
    this.groupsOf(setId).setIds.add(setId);
  }

  /** Whether the set is there, as far as is known. */
  has(setId: string): boolean {
    return this.rules.get(ruleOfPartitionSet(setId))?.setIds.has(setId) === true;
  }

  /** A set that has ended. */
  delete(setId: string): void {
    const ruleId = ruleOfPartitionSet(setId);
    const setIds = this.rules.get(ruleId)?.setIds;
    setIds?.delete(setId);
    if (setIds?.size === 0) this.rules.delete(ruleId);
  }

  /**
   * The set that an event stored at `atMs` goes to: that of its group. Where there is no room for it, null; but once an hour
   * another set of the rule, which then has to say so: always the same, that it be said once, whoever asks.
   */
  setFor({ rule, setId }: Match, atMs: number): string | null {
    if (rule.rule.groupBy === undefined) return setId;
    const groups = this.groupsOf(setId);
    const { setIds } = groups;
    if (!setIds.has(setId) && setIds.size < this.room) setIds.add(setId);
    if (setIds.has(setId)) return setId;
    const hour = Math.floor(atMs / LIMITS.limitReportMs);
    if (hour <= groups.toldIn) return null;
    groups.toldIn = hour;
    return [...setIds].reduce((first, each) => (each < first ? each : first));
  }

  private groupsOf(setId: string): RuleGroups {
    const ruleId = ruleOfPartitionSet(setId);
    const groups = this.rules.get(ruleId) ?? { setIds: new Set(), toldIn: -Infinity };
    this.rules.set(ruleId, groups);
    return groups;
  }
}
