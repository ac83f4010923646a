import type { AlertEnvelope, Scalar } from '../core/alert.ts';
import { Deadlines } from '../core/deadlines.ts';
import type { VigilEvent } from '../core/event.ts';
import { Groups } from '../core/groups.ts';
import type { LiveSet } from '../core/live-set.ts';
import { groupsAtStart, RuleIndex, type Entry } from '../core/routing.ts';
import type { Rule } from '../core/rule-schema.ts';
import { leftOutEvent, toSetEvent } from '../core/set-event.ts';
import { advanceTo, applyEvent, nextDeadline, openSet, takeAlerts } from '../core/step.ts';

const RULE_VERSION = 1;

/**
 * Plays events through the evaluator on a virtual clock, for any number of rules and clients. The clock is the arrival of
 * events: `storedAtMs`, which must never run back, with `sequence` growing. Alerts are told in the order of time.
 */
export class Player {
  private readonly index = new RuleIndex();
  private readonly sets = new Map<string, LiveSet>();
  private readonly groups: Groups;
  /** The earliest deadline of each set, so that an event costs nothing to the sets that it is not for. */
  private readonly deadlines = new Deadlines();
  private readonly onAlert: (alert: AlertEnvelope) => void;

  /** `startMs`: when the rules begin, epoch ms; events that arrive earlier do not count. */
  constructor(rules: readonly Rule[], startMs: number, onAlert: (alert: AlertEnvelope) => void, groups: Groups = new Groups()) {
    this.onAlert = onAlert;
    this.groups = groups;
    for (const rule of rules) this.index.put({ rule, version: RULE_VERSION, storedAtMs: startMs });
    for (const entry of this.index.all()) {
      if (entry.rule.enabled) for (const group of groupsAtStart(entry.stored.rule)) this.open(entry, group, startMs);
    }
  }

  /** Handles the deadlines before the arrival, then gives the event to every set that it is for. */
  play(event: VigilEvent): void {
    const { storedAtMs: atMs } = event;
    for (let at = this.deadlines.next(); at < atMs; at = this.deadlines.next()) this.handleDue(at);
    for (const match of this.index.match(event)) {
      const { rule, stored, setId, group } = match;
      const taker = this.groups.setFor(match, atMs);
      if (taker === null) continue;
      const set = this.sets.get(taker) ?? this.open({ rule, stored }, group, atMs);
      applyEvent(set, taker === setId ? toSetEvent(rule, event) : leftOutEvent(event));
      this.settle(taker, set);
    }
  }

  /** Handles the deadlines up to and including `untilMs`, epoch ms. */
  finish(untilMs: number): void {
    for (let at = this.deadlines.next(); at <= untilMs; at = this.deadlines.next()) this.handleDue(at);
  }

  private handleDue(at: number): void {
    for (const setId of this.deadlines.take(at)) {
      const set = this.sets.get(setId) as LiveSet;
      advanceTo(set, at);
      this.settle(setId, set);
    }
  }

  private open({ rule, stored }: Entry, group: Scalar[], atMs: number): LiveSet {
    const setId = rule.ids.of(group);
    const set = openSet({ rule: stored.rule, ruleVersion: stored.version, group, atMs });
    this.sets.set(setId, set);
    this.groups.add(setId);
    this.settle(setId, set);
    return set;
  }

  private settle(setId: string, set: LiveSet): void {
    for (const alert of takeAlerts(set)) this.onAlert(alert);
    // What is overdue (a late event) is due at the set's clock, after all events of that moment.
    this.deadlines.set(setId, Math.max(nextDeadline(set) ?? Infinity, set.state.now));
  }
}
