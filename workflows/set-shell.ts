import * as wf from '@temporalio/workflow';
import type { AlertPhase } from '../src/core/alert.ts';
import { assemble, replaceHeadRule } from '../src/core/assembly.ts';
import { describeSet } from '../src/core/describe.ts';
import { statusOf, type LiveSet } from '../src/core/live-set.ts';
import { splitSet } from '../src/core/split.ts';
import type { StoredRule } from '../src/core/stored-rule.ts';
import { advanceTo, applyEvent, endSet, isForSet, leaveOut, nextDeadline, openSet, replaceRule, resumeSet } from '../src/core/step.ts';
import { counting } from './counting.ts';
import { Faults } from './faults.ts';
import type { EventBatch, SetEnd, SetInput, SetView, SplitPlan } from './messages.ts';
import { Outbox } from './outbox.ts';
import { ShardDesk, type Round } from './shard-desk.ts';
import type { Notice } from './shard-messages.ts';
import { Shown } from './shown.ts';
import { viewOf } from './view-of.ts';

const CATCH_UP_STEP_MS = 60_000;
/**
 * Late, as each signal to a split set becomes one for every shard; yet before the set has lost anything (LIMITS.stateBytes). 64 shards
 * take some 190,000 partitions.
 */
const SPLIT: SplitPlan = { atBytes: 750_000, shards: 64 };
/** Of runs that began when sets were split earlier. */
const SPLIT_BEFORE_AT_BYTES = 500_000;
const BY_WEIGHT: AlertPhase[] = ['firing', 'pending', 'inactive'];

const isExact = (): boolean => wf.patched('rounds-to-newest');

/** The first run of the chain is the same after continue-as-new and after a reset, and another one after a terminate. */
const generationOf = (version: number): string => `${wf.workflowInfo().firstExecutionRunId.slice(0, 8)}.${version}`;

/** The evaluator of one set with its outbox, its place in the UI and, once it is split, its shards. */
export class SetShell {
  readonly outbox: Outbox;
  /** Once the set is split. */
  desk: ShardDesk | null;
  private set: LiveSet;
  private ended: SetEnd | null = null;
  /** What came while shards were ending. */
  private readonly later: (() => void)[] = [];
  private readonly faults = new Faults();
  private readonly shown: Shown;
  private readonly plan: SplitPlan;
  private readonly signalsPerRun: number | undefined;

  constructor({ rule, version, group, startedAtMs, carried, split = SPLIT, signalsPerRun }: SetInput) {
    this.shown = new Shown(carried?.status ?? 'inactive', version);
    this.set = carried === undefined ? openSet({ rule, ruleVersion: version, group, atMs: startedAtMs, generation: generationOf(version) }) : resumeSet(rule, carried.state);
    this.outbox = new Outbox(carried?.outbox ?? []);
    this.plan = split;
    this.signalsPerRun = signalsPerRun;
    this.desk = carried?.desk === undefined ? null : new ShardDesk(carried.desk, { rule, version }, isExact);
    this.desk?.gather();
    this.show();
  }

  applyBatch(batch: EventBatch): void {
    if (this.isEnding()) return void this.later.push(() => this.applyBatch(batch));
    const { version, rule, events } = batch;
    if (rule !== undefined) this.useRule(rule, events[0]?.at);
    // Stragglers of a rule that is gone: nobody waits for their alerts any more.
    if (this.ended !== null) return;
    // A reader that came back from the dead knows an older rule. Its successor brings these as the new one wants them.
    if (version < this.version()) return;
    counting(this.set.rule.rule, () => this.set.state.counters, () => {
      for (const event of events) {
        this.faults.guard(() => (this.desk === null ? applyEvent(this.set, event) : this.forward(this.desk, event)));
        this.outbox.collect(this.set);
        this.splitIfHeavy();
      }
    });
    this.desk?.flush();
    this.show();
  }

  /** A version that is known already changes nothing; after an end, a newer one begins the set anew. */
  useRule(stored: StoredRule, startedAtMs = stored.storedAtMs): void {
    if (this.isEnding()) return void this.later.push(() => this.useRule(stored, startedAtMs));
    const { rule, version } = stored;
    this.faults.guard(() => {
      if (version <= Math.max(this.version(), this.ended?.version ?? 0)) return;
      const { group, mark } = this.set.state;
      if (this.ended !== null) {
        this.set = openSet({ rule, ruleVersion: version, group, atMs: startedAtMs, generation: generationOf(version) });
        this.set.state.mark = mark;
        this.ended = null;
      } else if (this.desk === null) this.set = replaceRule(this.set, rule, version);
      else this.desk.changeRule(stored);
    });
    this.show();
  }

  end(end: SetEnd): void {
    if (end.version < this.version()) return;
    if (this.desk !== null) return this.isEnding() ? undefined : this.desk.end(end);
    this.faults.guard(() => endSet(this.set, end.reason, end.atMs));
    this.ended = end;
    this.show();
  }

  /** What a shard says. */
  hear(notice: Notice): void {
    // One of a set that has begun anew since.
    const { desk } = this;
    if (desk === null) return;
    desk.hear(notice);
    for (let round = desk.takeRound(); round !== undefined; round = desk.takeRound()) this.judge(round);
    if (this.desk === desk) desk.gather();
    this.show();
  }

  advanceTo(untilMs: number): void {
    if (this.desk !== null) return this.desk.cut(untilMs);
    // By steps: a long gap may hold very many heartbeats, and those of old are dropped as they come up.
    for (let now = this.set.state.now; now < untilMs; ) {
      now = Math.min(untilMs, Math.max(now, nextDeadline(this.set) ?? untilMs) + CATCH_UP_STEP_MS);
      this.faults.guard(() => advanceTo(this.set, now));
      this.outbox.collect(this.set);
    }
    this.show();
  }

  /** Epoch ms of the earliest deadline, or Infinity. Shards that are being asked have the word. */
  deadline(): number {
    if (this.ended !== null || this.desk?.isAsking() === true || this.desk?.isClosing() === true) return Infinity;
    const own = this.desk !== null && this.set.rule.each ? Infinity : (nextDeadline(this.set) ?? Infinity);
    return Math.min(own, this.desk?.dueAt() ?? Infinity);
  }

  isFinished(): boolean {
    return this.ended !== null && this.outbox.alerts.length === 0;
  }

  carry(): Pick<SetInput, 'rule' | 'version' | 'carried'> {
    const { rule, state } = this.set;
    const carried = { state, outbox: this.outbox.alerts, status: this.status(), ...(this.desk !== null && { desk: this.desk.carry() }) };
    return { rule: rule.rule, version: state.ruleVersion, carried };
  }

  view(): SetView {
    const { outbox, faults, desk } = this;
    const view = viewOf(this.set, { status: this.status(), deadline: this.deadline(), outbox, faults });
    return desk === null ? view : { ...view, shards: { ids: desk.boxes.boxes.map(({ shardId }) => shardId), waiting: desk.boxes.waiting() } };
  }

  private forward(desk: ShardDesk, event: Parameters<typeof applyEvent>[1]): void {
    if (!isForSet(this.set.state, event)) return;
    if (event.isLeftOut === true) leaveOut(this.set);
    else desk.forward(event);
  }

  private splitIfHeavy(): void {
    const { weight } = this.set;
    if (this.desk !== null || weight <= Math.min(this.plan.atBytes, SPLIT_BEFORE_AT_BYTES)) return;
    // A run that began before sets could be split, or when they were split earlier, goes on as it was recorded.
    if (weight <= this.plan.atBytes && wf.patched('split-late')) return;
    if (!wf.patched('shards')) return;
    this.faults.guard(() => {
      const { head, shares } = splitSet(this.set, this.plan.shards);
      const { rule, state } = head;
      const stored = { rule: rule.rule, version: state.ruleVersion, storedAtMs: state.startedAt };
      const { workflowId, runId } = wf.workflowInfo();
      const unpublished = rule.each ? this.outbox.alerts.filter(({ data }) => Object.keys(data.partition).length > 0) : [];
      this.desk = ShardDesk.split({ setId: workflowId, epoch: runId.slice(0, 8), rule: stored, shares, nowMs: state.now, unpublished, signalsPerRun: this.signalsPerRun }, isExact);
      this.set = head;
    });
  }

  private judge({ letter, reports, after }: Round): void {
    const untilMs = letter.kind === 'cut' ? letter.untilMs : this.set.state.now;
    this.faults.guard(() => {
      if (!this.set.rule.each) assemble(this.set, reports, untilMs);
      else this.set.state.now = Math.max(this.set.state.now, untilMs);
      if (letter.kind === 'rule') this.set = replaceHeadRule(this.set, letter.rule.rule, letter.rule.version, after);
      if (letter.kind === 'end') endSet(this.set, letter.end.reason, letter.end.atMs);
    });
    if (letter.kind !== 'end') return;
    this.outbox.collect(this.set);
    this.ended = letter.end;
    this.desk = null;
    for (const message of this.later.splice(0)) message();
  }

  private version(): number {
    return this.desk?.ruleVersion ?? this.set.state.ruleVersion;
  }

  private isEnding(): boolean {
    return this.desk?.isEnding() === true;
  }

  private status(): AlertPhase {
    const all = [statusOf(this.set), ...(this.desk === null || !this.set.rule.each ? [] : this.desk.statuses())];
    return BY_WEIGHT.find((status) => all.includes(status)) ?? 'inactive';
  }

  private show(): void {
    this.outbox.collect(this.set);
    const split = this.desk === null ? '' : `\n\nSplit over ${this.desk.boxes.boxes.length} shards: workflows of type \`ruleShard\` whose ids begin with this one's.`;
    this.shown.show(this.status(), this.set.state.ruleVersion, describeSet(this.set) + split);
  }
}
