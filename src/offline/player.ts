import type { AlertEnvelope } from '../core/model/alert/alert.ts';
import { Deadlines, Timed } from '../core/partition-set/deadlines.ts';
import type { VigilEvent } from '../core/model/event/event.ts';
import { Groups } from '../core/matching/groups.ts';
import type { PartitionSet } from '../core/partition-set/partition-set.ts';
import { overflowEvent, projectEvent } from '../core/matching/projection.ts';
import { groupsAtStart, RuleIndex, type IndexedRule } from '../core/matching/rule-index.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { advanceTo, applyEvent, nextDeadline, openPartitionSet, takeAlerts } from '../core/evaluation/evaluate.ts';
import type { StoredRule } from '../core/model/stored-rule/stored-rule.ts';
import { streamTime } from '../core/partition-set/waiting-events.ts';
import type { Scalar } from '../core/primitives/value.ts';

const FIRST_VERSION = 1;

/** Rules that all start at `startMs`, epoch ms. */
export const storedAt = (startMs: number, rules: readonly Rule[]): StoredRule[] =>
  rules.map((rule) => ({ rule, version: FIRST_VERSION, storedAtMs: startMs }));

export type OnAlert = (alert: AlertEnvelope, setId: string) => void;

/** Its key is the id of the partition set. */
class PlayedSet extends Timed {
  readonly live: PartitionSet;
  /** The part of the player's `bytes` that is this set's. */
  bytes = 0;

  constructor(setId: string, live: PartitionSet) {
    super(setId);
    this.live = live;
  }
}

/**
 * Plays events through the evaluator on a virtual clock, for any number of rules and clients. The arrival of events
 * (`storedAtMs`) drives the clock: it must never decrease, and `sequence` must increase. The alerts of a partition set are
 * reported in time order; with `lateTolerance` its clock runs behind, except at its start.
 */
export class Player {
  private readonly index = new RuleIndex();
  private readonly sets = new Map<string, PlayedSet>();
  private readonly groups: Groups;
  /** So that an event costs nothing for other partition sets. */
  private readonly deadlines = new Deadlines<PlayedSet>();
  private readonly onAlert: OnAlert;
  /** Approximate bytes of the state of all sets. */
  bytes = 0;

  /** A rule ignores events that arrive before it was stored. */
  constructor(rules: readonly StoredRule[], onAlert: OnAlert, groups: Groups = new Groups()) {
    this.onAlert = onAlert;
    this.groups = groups;
    for (const rule of rules) this.index.put(rule);
    for (const entry of this.index.all()) {
      if (entry.rule.enabled)
        for (const group of groupsAtStart(entry.stored.rule)) this.open(entry, group, entry.stored.storedAtMs);
    }
  }

  /** All partition sets so far. */
  get setIds(): string[] {
    return [...this.sets.keys()];
  }

  /** The next deadline, epoch ms of the stream's clock, or Infinity. */
  get nextMs(): number {
    return this.deadlines.next();
  }

  /**
   * Handles the deadlines before the arrival, then applies the event to every partition set that it matches. Returns
   * whether there is one.
   */
  play(event: VigilEvent): boolean {
    const { storedAtMs: atMs } = event;
    let matches = false;
    for (let at = this.deadlines.next(); at < atMs; at = this.deadlines.next()) this.handleDue(at);
    for (const match of this.index.match(event)) {
      const { rule, stored, setId, group } = match;
      if (atMs < stored.storedAtMs) continue;
      const targetId = this.groups.setFor(match, atMs);
      if (targetId === null) continue;
      const set = this.sets.get(targetId) ?? this.open({ rule, stored }, group, atMs);
      applyEvent(set.live, targetId === setId ? projectEvent(rule, event) : overflowEvent(event));
      this.settle(set);
      matches = true;
    }
    return matches;
  }

  /** Moves the clock of every set to `untilMs`, epoch ms, as if no further event arrived. */
  finish(untilMs: number): void {
    for (let at = this.deadlines.next(); at < Infinity; at = this.deadlines.next()) this.handleDue(at, untilMs);
  }

  /** Handles what is due at `at` of the stream's clock, unless that is after `endMs` of the set's own clock. */
  handleDue(at: number, endMs = Infinity): void {
    for (const set of this.deadlines.removeDue(at)) {
      if (at - set.live.rule.lateToleranceMs > endMs) continue;
      advanceTo(set.live, at);
      this.settle(set);
    }
  }

  private open({ rule, stored }: IndexedRule, group: Scalar[], atMs: number): PlayedSet {
    const setId = rule.ids.of(group);
    const set = new PlayedSet(setId, openPartitionSet({ rule: stored.rule, ruleVersion: stored.version, group, atMs }));
    this.sets.set(setId, set);
    this.groups.add(setId);
    this.settle(set);
    return set;
  }

  private settle(set: PlayedSet): void {
    const { key, live } = set;
    this.bytes += live.weight - set.bytes;
    set.bytes = live.weight;
    for (const alert of takeAlerts(live)) this.onAlert(alert, key);
    // An overdue deadline (after a late event) is due at the stream's clock, after all events of that time.
    this.deadlines.set(set, Math.max(nextDeadline(live) ?? Infinity, streamTime(live)));
  }
}
