import { clientOfPartitionSet, ruleOfPartitionSet } from '../model/ids.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { Match } from './rule-index.ts';

/** The groups of one rule. */
interface RuleGroups {
  setIds: Set<string>;
  /** The hour of the stream's clock in which the missing room was last reported. */
  reportedIn: number;
  /** The hour in which the quota was last reported. */
  overQuotaIn: number;
}

/** How many partition sets a client may have; null: no quota. */
export type SetQuota = (clientId: string) => number | null;

/**
 * The partition sets of rules with `groupBy`. A rule has room for a limited number, or a property that differs in every
 * event would start workflows without end; so has a client that has a quota. First come, first served.
 */
export class Groups {
  private readonly rules = new Map<string, RuleGroups>();
  /** Number of known sets of each client, also of rules without groups. */
  private readonly counts = new Map<string, number>();
  private readonly room: number;
  private readonly quotaOf: SetQuota;

  constructor(room: number = LIMITS.groups, quotaOf: SetQuota = () => null) {
    this.room = room;
    this.quotaOf = quotaOf;
  }

  /** Adds an existing partition set. */
  add(setId: string): void {
    const { setIds } = this.groupsOf(setId);
    if (setIds.has(setId)) return;
    setIds.add(setId);
    this.count(setId, 1);
  }

  /** Whether the partition set is known to exist. */
  has(setId: string): boolean {
    return this.rules.get(ruleOfPartitionSet(setId))?.setIds.has(setId) === true;
  }

  /** Removes a partition set that has ended. */
  delete(setId: string): void {
    const ruleId = ruleOfPartitionSet(setId);
    const setIds = this.rules.get(ruleId)?.setIds;
    if (setIds?.delete(setId) === true) this.count(setId, -1);
    if (setIds?.size === 0) this.rules.delete(ruleId);
  }

  /**
   * Whether the event would begin a set more than its client may have. `isFirst`: none of the rule would have in this
   * hour of the stream's clock.
   */
  overQuota({ rule, setId, forgets }: Match, atMs: number): { isFirst: boolean } | null {
    if (rule.rule.groupBy === undefined || forgets === true || this.has(setId)) return null;
    const clientId = clientOfPartitionSet(setId);
    const quota = this.quotaOf(clientId);
    if (quota === null || (this.counts.get(clientId) ?? 0) < quota) return null;
    const groups = this.groupsOf(setId);
    const hour = Math.floor(atMs / LIMITS.limitReportMs);
    const isFirst = hour > groups.overQuotaIn;
    groups.overQuotaIn = Math.max(hour, groups.overQuotaIn);
    return { isFirst };
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
    if (setIds.size < this.room) this.add(setId);
    if (setIds.has(setId)) return setId;
    const hour = Math.floor(atMs / LIMITS.limitReportMs);
    if (hour <= groups.reportedIn) return null;
    groups.reportedIn = hour;
    return [...setIds].reduce((first, each) => (each < first ? each : first));
  }

  private groupsOf(setId: string): RuleGroups {
    const ruleId = ruleOfPartitionSet(setId);
    const groups = this.rules.get(ruleId) ?? { setIds: new Set(), reportedIn: -Infinity, overQuotaIn: -Infinity };
    this.rules.set(ruleId, groups);
    return groups;
  }

  private count(setId: string, more: number): void {
    const clientId = clientOfPartitionSet(setId);
    const next = (this.counts.get(clientId) ?? 0) + more;
    if (next > 0) this.counts.set(clientId, next);
    else this.counts.delete(clientId);
  }
}
