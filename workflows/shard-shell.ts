import type { AlertPhase } from '../src/core/alert.ts';
import { describeSet } from '../src/core/describe.ts';
import { LIMITS } from '../src/core/limits.ts';
import { statusOf, type LiveSet } from '../src/core/live-set.ts';
import type { Change, ShareState } from '../src/core/shard-state.ts';
import { hasChanges, someHolders, takeChanges } from '../src/core/share.ts';
import { advanceTo, applyEvent, endSet, nextDeadline, replaceRule, resumeSet } from '../src/core/step.ts';
import { counting } from './counting.ts';
import { Faults } from './faults.ts';
import type { SetView } from './messages.ts';
import { Outbox } from './outbox.ts';
import type { Asked, Notice, RoundLetter, ShardInput, ShardLetter } from './shard-messages.ts';
import { Shown } from './shown.ts';
import { viewOf } from './view-of.ts';

/** Changes in one signal: some hundred bytes each, and far from the 2 MB that a payload may have. */
const CHANGES_PER_REPORT = 1_000;

/** One shard of a split set: the evaluator of its partitions, and what it has to tell its head. */
export class ShardShell {
  readonly outbox: Outbox;
  readonly notices: Notice[];
  private readonly epoch: string;
  private readonly share: ShareState;
  private readonly faults = new Faults();
  private readonly shown: Shown;
  private set: LiveSet;
  private asked: Asked;
  private status: AlertPhase;
  private ended = false;

  constructor({ epoch, rule, version, state, outbox, notices, asked, status }: ShardInput) {
    if (state.share === undefined) throw new TypeError('a shard has a share');
    this.epoch = epoch;
    this.share = state.share;
    this.set = resumeSet(rule, state);
    this.outbox = new Outbox(outbox);
    this.notices = notices;
    this.asked = asked;
    this.status = status;
    this.shown = new Shown(status, version);
    this.show();
  }

  take(letters: readonly ShardLetter[]): void {
    for (const letter of letters) {
      if (this.ended) break;
      if (letter.kind === 'events') this.apply(letter);
      else this.report(letter);
      this.outbox.collect(this.set);
    }
    this.ask();
    this.show();
  }

  /** Asks the head for what is needed, once until it has come. */
  ask(): void {
    const dueAt = this.deadline();
    const asked: Asked = { cut: hasChanges(this.set), dueAt: dueAt <= Date.now() ? dueAt : null };
    const status = statusOf(this.set);
    const isNew = (asked.cut && !this.asked.cut) || (asked.dueAt !== null && (this.asked.dueAt === null || asked.dueAt < this.asked.dueAt));
    if (this.ended || (!isNew && status === this.status)) return;
    this.asked = asked;
    this.status = status;
    this.notices.push({ epoch: this.epoch, kind: 'ask', shard: this.share.shard, asked, status });
  }

  /** Epoch ms of what the head has not been asked for, or Infinity. */
  alarm(): number {
    const dueAt = this.deadline();
    return this.asked.dueAt !== null && this.asked.dueAt <= dueAt ? Infinity : dueAt;
  }

  isFinished(): boolean {
    return this.ended && this.outbox.alerts.length === 0 && this.notices.length === 0;
  }

  carry(): Pick<ShardInput, 'rule' | 'version' | 'state' | 'outbox' | 'notices' | 'asked' | 'status'> {
    const { set, outbox, notices, asked, status } = this;
    return { rule: set.rule.rule, version: set.state.ruleVersion, state: set.state, outbox: outbox.alerts, notices, asked, status };
  }

  view(): SetView {
    const { outbox, faults } = this;
    return viewOf(this.set, { status: statusOf(this.set), deadline: this.deadline(), outbox, faults });
  }

  private apply({ events }: Extract<ShardLetter, { kind: 'events' }>): void {
    counting(this.set.rule.rule, () => this.set.state.counters, () => {
      for (const event of events) this.faults.guard(() => applyEvent(this.set, event));
    });
  }

  private report(letter: RoundLetter): void {
    if (letter.kind === 'cut') this.faults.guard(() => advanceTo(this.set, letter.untilMs));
    const changes = takeChanges(this.share);
    let after: Change | null = null;
    if (letter.kind === 'rule') {
      this.faults.guard(() => (this.set = replaceRule(this.set, letter.rule.rule, letter.rule.version)));
      after = takeChanges(this.share).at(-1) ?? null;
    }
    if (letter.kind === 'end') {
      // Only partitions have alerts of their own here; that of the set is its head's.
      if (this.set.rule.each) this.faults.guard(() => endSet(this.set, letter.end.reason, letter.end.atMs));
      this.ended = true;
    }
    const { shard } = this.share;
    // All shards together name about as many as an alert can.
    const holders = someHolders(this.set, Math.ceil(LIMITS.evidenceItems / this.share.shards));
    do {
      const part = changes.splice(0, CHANGES_PER_REPORT);
      this.notices.push({ epoch: this.epoch, kind: 'report', round: letter.round, shard, changes: part, holders: changes.length > 0 ? [] : holders, isLast: changes.length === 0, after });
    } while (changes.length > 0);
    this.asked = { cut: false, dueAt: null };
  }

  private deadline(): number {
    return this.ended ? Infinity : (nextDeadline(this.set) ?? Infinity);
  }

  private show(): void {
    this.outbox.collect(this.set);
    const { shard, shards } = this.share;
    this.shown.show(statusOf(this.set), this.set.state.ruleVersion, `Shard ${shard + 1} of ${shards}.\n\n${describeSet(this.set)}`);
  }
}
