import * as wf from '@temporalio/workflow';
import type { AlertPhase } from '../../src/core/model/alert.ts';
import { mergeReports, replaceCoordinatorRule } from '../../src/core/sharding/merge.ts';
import { describeSet } from '../../src/core/language/describe.ts';
import { statusOf, type PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import type { ProjectedEvent } from '../../src/core/model/projected-event.ts';
import {
  MAY_WAIT_BYTES,
  type RecoveryMessage,
  type RecoveryReason,
  type PartitionSetEnd,
} from '../../src/core/model/partition-set-messages.ts';
import { resumePiece } from '../../src/core/sharding/piece.ts';
import { splitPartitionSet } from '../../src/core/sharding/split.ts';
import {
  applyEvent,
  endPartitionSet,
  acceptsEvent,
  countOverflow,
  nextDeadline,
  openPartitionSet,
  replaceRule,
} from '../../src/core/evaluation/evaluate.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import { catchUp, catchUpBefore } from '../shared/catch-up.ts';
import { counting, countRecovery, countRefused } from '../shared/metrics.ts';
import { Faults } from '../shared/faults.ts';
import { Inbox } from './inbox.ts';
import type {
  CarriedState,
  RecoveryState,
  PartitionSetInput,
  PartitionSetMessage,
  PartitionSetView,
  SplitPlan,
} from '../messages.ts';
import { AlertOutbox } from '../shared/alert-outbox.ts';
import { newRecovery } from './recovery.ts';
import { cancelShards } from '../shard/shard-outbox.ts';
import { ShardCoordinator } from '../shard/shard-coordinator.ts';
import type { Barrier, ShardNotice } from '../shard/messages.ts';
import { UiState } from '../shared/ui-state.ts';
import { stateView } from '../shared/state-view.ts';

/**
 * Late, as each signal to a split set becomes one for every shard; yet before the set has lost anything (LIMITS.stateBytes). 64 shards
 * take some 190,000 partitions.
 */
const SPLIT: SplitPlan = { atBytes: 750_000, shards: 64 };
/** Of runs that began when sets were split earlier. */
const SPLIT_BEFORE_AT_BYTES = 500_000;
/** What may wait in a set: far less than the 50 MB that a history may have. Beyond it, events are read again later. */
const INBOX_BYTES = 8 * 1024 * 1024;
/** Of it, what the next run is handed beside the state, the outbox and the rule: 2 MB are all that it can be handed. */
const CARRIED_INBOX_BYTES = 256 * 1024;
/** The state of a split set is small; this is for its inbox and for what waits for its shards. */
const CARRIED_BY_SPLIT_BYTES = 1_280 * 1024;
const BY_WEIGHT: AlertPhase[] = ['firing', 'pending', 'inactive'];

const isExact = (): boolean => wf.patched('rounds-to-newest');

/** Made of the rule's version and the set's start: a set that is rebuilt from the stream gives its alerts the ids that they had. */
const generationOf = (version: number, startedAtMs: number): string => `${startedAtMs.toString(36)}.${version}`;

/** Tells the shards of one split of a set from those of any other. Not the run's id: that is another one when a reset replays the split. */
const newEpoch = (): string => (wf.patched('epoch-by-chance') ? wf.uuid4() : wf.workflowInfo().runId).slice(0, 8);

/** The evaluator of one set with its outbox, its place in the UI and, once it is split, its shards. */
export class PartitionSetRun {
  readonly outbox: AlertOutbox;
  readonly faults = new Faults();
  /** That are under way: publishes, and questions to the reader. */
  activities = 0;
  /** The run ends: no activity is begun. */
  isEnding = false;
  /** Once the set is split. */
  coordinator: ShardCoordinator | null;
  /** While the set lacks events that the reader has to read again. */
  recovery: RecoveryState | null;
  private set: PartitionSet;
  private ended: PartitionSetEnd | null = null;
  private readonly inbox: Inbox;
  private deferred: PartitionSetMessage[];
  private isIntakeClosed = false;
  private readonly shown: UiState;
  private readonly plan: SplitPlan;
  private readonly signalsPerRun: number | undefined;

  constructor({
    rule,
    version,
    group,
    startedAtMs,
    carried,
    isBegunAnew = false,
    split = SPLIT,
    signalsPerRun,
  }: PartitionSetInput) {
    this.shown = new UiState(carried?.status ?? 'inactive', version);
    this.set =
      carried === undefined
        ? openPartitionSet({
            rule,
            ruleVersion: version,
            group,
            atMs: startedAtMs,
            generation: generationOf(version, startedAtMs),
          })
        : resumePiece(rule, carried.state);
    this.outbox = new AlertOutbox(carried?.outbox ?? []);
    this.inbox = new Inbox(carried?.inbox ?? []);
    this.deferred = carried?.deferred ?? [];
    this.plan = split;
    this.signalsPerRun = signalsPerRun;
    this.coordinator =
      carried?.desk === undefined ? null : new ShardCoordinator(carried.desk, { rule, version }, isExact);
    this.recovery = carried?.recovery ?? null;
    if (this.recovery !== null) this.outbox.past = pastOf(this.recovery);
    else if (carried === undefined && isBegunAnew) this.recover('begunAnew', null);
    this.coordinator?.gather();
    // What the run before has left waiting.
    this.passOn();
  }

  /** Takes a message now or, where it must wait, in its turn. Events that are read again from the stream anyway are left out. */
  receive(message: PartitionSetMessage): void {
    const { recovery } = this;
    if (recovery !== null && message.kind !== 'events') return this.defer([message]);
    if (
      recovery !== null &&
      message.kind === 'events' &&
      (recovery.attempt === null || message.batch.attempt !== recovery.attempt)
    )
      return;
    this.inbox.pass(message, (each) => this.take(each));
    if (this.inbox.size > INBOX_BYTES) this.dropInbox();
    this.show();
  }

  /** What a shard says. */
  receiveReport(notice: ShardNotice): void {
    const { coordinator } = this;
    if (coordinator === null || coordinator.epoch !== notice.epoch) {
      // A shard of a split that this set knows nothing of, or no more: nobody will ever speak to it.
      countRefused(this.set.rule.rule, `notice of shard ${notice.shard} of split ${notice.epoch}`);
      if (wf.patched('end-unknown-shards')) cancelShards([shardIdOf(wf.workflowInfo().workflowId, notice)]);
      return;
    }
    if (notice.kind === 'conflict')
      return this.loseShards('a shard has reported this round already: the set was reset');
    coordinator.receive(notice);
    for (
      let barrier = coordinator.takeCompleteBarrier();
      barrier !== undefined;
      barrier = coordinator.takeCompleteBarrier()
    )
      this.completeBarrier(barrier);
    if (this.coordinator === coordinator) coordinator.gather();
    this.passOn();
  }

  /** A shard does not run any more: its partitions are known to nobody. The set is rebuilt. */
  loseShards(detail: string): void {
    const { coordinator } = this;
    if (coordinator === null) return;
    wf.log.warn('a shard of this partition set is lost; the set is rebuilt from the stream', { detail });
    this.discard(coordinator);
    this.recover('shardLost', null);
    this.show();
  }

  /** The events that the set lacks begin or end; those of another attempt than the newest are not for it. */
  receiveFromReader(message: RecoveryMessage): void {
    const { recovery } = this;
    if (recovery?.requestId !== message.requestId) return;
    if (message.phase === 'begin') this.begin(message, recovery);
    else if (message.phase === 'refused') this.finish(null);
    else if (message.attempt === recovery.attempt) this.finish(message.rule);
    this.show();
  }

  advanceTo(untilMs: number): void {
    // What waits was stored before: it comes first.
    if (this.recovery !== null || !this.inbox.isEmpty) return;
    if (this.coordinator !== null) return this.coordinator.advanceTo(untilMs);
    catchUp(this.set, untilMs, this.outbox, this.faults);
    this.show();
  }

  /** Epoch ms of the earliest deadline, or Infinity. Shards that are being asked have the word, and events that wait come first. */
  deadline(): number {
    if (this.isEnding || this.ended !== null || this.recovery !== null || !this.inbox.isEmpty || this.outbox.isFull())
      return Infinity;
    if (this.coordinator?.isAsking() === true || this.coordinator?.isClosing() === true) return Infinity;
    const own = this.coordinator !== null && this.set.rule.each ? Infinity : (nextDeadline(this.set) ?? Infinity);
    return Math.min(own, this.coordinator?.dueAt() ?? Infinity);
  }

  /** Alerts of a rebuilt set that may be over already are not published before all is known, unless they are too many to keep. */
  mayPublish(): boolean {
    return this.outbox.isFull() || (!this.isEnding && (this.outbox.past === null || this.outbox.past.hasSameIds));
  }

  /** Alerts have left: there may be room for what waits. */
  published(): void {
    this.passOn();
  }

  /** Bytes of JSON that wait; above MAY_WAIT_BYTES where nothing more is taken. */
  waiting(): number {
    // It leaves out what comes, and must not keep the reader from reading it again.
    if (this.recovery?.attempt === null) return 0;
    const isHeld = this.outbox.isFull() || this.coordinator?.isHeld() === true || this.isIntakeClosed;
    return (
      (isHeld ? MAY_WAIT_BYTES : 0) + this.inbox.size + this.outbox.size + (this.coordinator?.outboxes.size() ?? 0)
    );
  }

  isFinished(): boolean {
    return this.ended !== null && this.outbox.length === 0 && this.inbox.isEmpty;
  }

  /** Whether the next run can be handed everything. */
  isLight(): boolean {
    if (this.outbox.isFull()) return false;
    return this.coordinator === null
      ? this.inbox.size <= CARRIED_INBOX_BYTES
      : this.inbox.size + this.coordinator.outboxes.size() <= CARRIED_BY_SPLIT_BYTES;
  }

  /** The run ends: what comes from now on waits for the next one, so that no more has to be handed over than there is. */
  closeIntake(): void {
    this.isIntakeClosed = true;
  }

  /** Events that wait are too many to be carried over: they are read again from the stream. */
  dropInbox(): void {
    this.recover('inboxOverflow', this.set.state.mark);
  }

  carry(): Pick<PartitionSetInput, 'rule' | 'version' | 'carried'> {
    const { rule, state } = this.set;
    const carried: CarriedState = { state, outbox: this.outbox.alerts(), status: this.status() };
    if (this.coordinator !== null) carried.desk = this.coordinator.carry();
    if (!this.inbox.isEmpty) carried.inbox = this.inbox.carry();
    if (this.recovery !== null) carried.recovery = this.recovery;
    if (this.deferred.length > 0) carried.deferred = this.deferred;
    return { rule: rule.rule, version: state.ruleVersion, carried };
  }

  view(): PartitionSetView {
    const { outbox, faults, coordinator, recovery } = this;
    const view = stateView(this.set, { status: this.status(), deadline: this.deadline(), outbox, faults });
    if (coordinator !== null)
      view.shards = {
        ids: coordinator.outboxes.all.map(({ shardId }) => shardId),
        waiting: coordinator.outboxes.waiting(),
      };
    if (recovery !== null) view.recovery = { reason: recovery.reason, since: new Date(recovery.sinceMs).toISOString() };
    return view;
  }

  private passOn(): void {
    this.inbox.pass(null, (each) => this.take(each));
    this.show();
  }

  /** Tells whether it has taken the message whole. */
  private take(message: PartitionSetMessage): boolean {
    if (this.outbox.isFull() || this.coordinator?.isEnding() === true || this.isIntakeClosed) return false;
    if (message.kind === 'rule') this.useRule(message.rule);
    else if (message.kind === 'end') this.end(message.end);
    else return this.takeEvents(message);
    return true;
  }

  private takeEvents(message: Extract<PartitionSetMessage, { kind: 'events' }>): boolean {
    const { version, rule, events } = message.batch;
    if (this.recovery?.startsWithEvent === true && events[0] !== undefined)
      this.openAt(events[0].at, rule ?? this.storedRule(), this.recovery);
    if (rule !== undefined) this.useRule(rule, events[0]?.at);
    // Stragglers of a rule that is gone: nobody waits for their alerts any more.
    if (this.ended !== null) return true;
    // A reader that came back from the dead knows an older rule. Its successor brings these as the new one wants them.
    if (version < this.version()) return true;
    counting(
      this.set.rule.rule,
      () => this.set.state.counters,
      () => {
        while (message.done < events.length && this.apply(events[message.done] as ProjectedEvent)) message.done += 1;
      },
    );
    this.coordinator?.flush();
    return message.done >= events.length;
  }

  /** False: the outbox is full, and the event has to wait. */
  private apply(event: ProjectedEvent): boolean {
    if (this.outbox.isFull()) return false;
    const isHeldUp = this.faults.guard(() => {
      if (this.coordinator !== null) this.forward(this.coordinator, event);
      else if (!catchUpBefore(this.set, event, this.outbox, this.faults)) return true;
      else applyEvent(this.set, event);
      return false;
    });
    if (isHeldUp === true) return false;
    this.outbox.collect(this.set);
    this.splitIfHeavy();
    return true;
  }

  /** A version that is known already changes nothing; after an end, a newer one begins the set anew. */
  private useRule(stored: StoredRule, startedAtMs = stored.storedAtMs): void {
    const { rule, version } = stored;
    this.faults.guard(() => {
      if (version <= Math.max(this.version(), this.ended?.version ?? 0)) return;
      const { group, mark } = this.set.state;
      if (this.ended !== null) {
        this.set = openPartitionSet({
          rule,
          ruleVersion: version,
          group,
          atMs: startedAtMs,
          generation: generationOf(version, startedAtMs),
        });
        this.set.state.mark = mark;
        this.ended = null;
      } else if (this.coordinator === null) this.set = replaceRule(this.set, rule, version);
      else this.coordinator.changeRule(stored, wf.patched('rule-moment'));
    });
  }

  private end(end: PartitionSetEnd): void {
    if (end.version < this.version()) return;
    if (this.coordinator !== null) return this.coordinator.end(end);
    this.faults.guard(() => endPartitionSet(this.set, end.reason, end.atMs));
    this.ended = end;
  }

  /** Of each kind the newest is enough; they come in the order of their versions. */
  private defer(messages: readonly PartitionSetMessage[]): void {
    const newest = new Map<string, PartitionSetMessage>();
    for (const message of [...this.deferred, ...messages]) {
      const before = newest.get(message.kind);
      if (before === undefined || versionOf(message) >= versionOf(before)) newest.set(message.kind, message);
    }
    this.deferred = [...newest.values()].sort((a, b) => versionOf(a) - versionOf(b) || (a.kind === 'rule' ? -1 : 1));
  }

  private recover(reason: RecoveryReason, afterSequence: number | null): void {
    this.defer(this.inbox.drop());
    // One that is being rebuilt, and cannot take all at once, still leaves out what was published.
    const { publishedUntilMs = null, isComplete = true } = (afterSequence === null ? null : this.recovery) ?? {};
    this.recovery = { ...newRecovery(reason, afterSequence), publishedUntilMs, isComplete };
    countRecovery(this.set.rule.rule, reason);
  }

  private begin(
    {
      attempt,
      rule,
      startedAtMs,
      isComplete,
      publishedUntilMs,
      shardIds,
    }: Extract<RecoveryMessage, { phase: 'begin' }>,
    recovery: RecoveryState,
  ): void {
    this.inbox.drop();
    this.recovery = { ...recovery, attempt };
    if (recovery.afterSequence !== null) return;
    this.recovery = { ...this.recovery, isComplete, publishedUntilMs, startsWithEvent: startedAtMs === null };
    if (this.coordinator !== null) this.discard(this.coordinator);
    cancelShards(shardIds);
    this.outbox.clear();
    this.outbox.past = pastOf(this.recovery);
    this.open(rule, startedAtMs ?? rule.storedAtMs, isComplete);
  }

  /** A set of a group begins with the first event of its group. */
  private openAt(atMs: number, stored: StoredRule, recovery: RecoveryState): void {
    this.recovery = { ...recovery, startsWithEvent: false };
    this.open(stored, Math.max(atMs, stored.storedAtMs), recovery.isComplete);
  }

  private open({ rule, version }: StoredRule, startedAtMs: number, isComplete: boolean): void {
    // Where alerts cannot get the ids that they had, they must not get those that others had.
    const generation = generationOf(version, startedAtMs) + (isComplete ? '' : `-${wf.uuid4().slice(0, 8)}`);
    this.set = openPartitionSet({
      rule,
      ruleVersion: version,
      group: this.set.state.group,
      atMs: startedAtMs,
      generation,
    });
    this.ended = null;
  }

  private finish(rule: StoredRule | null): void {
    this.recovery = null;
    this.outbox.past = null;
    const messages: PartitionSetMessage[] = [
      ...(rule === null ? [] : [{ kind: 'rule' as const, rule }]),
      ...this.deferred.splice(0),
    ];
    for (const message of messages) this.inbox.pass(message, (each) => this.take(each));
  }

  private discard(coordinator: ShardCoordinator): void {
    coordinator.outboxes.stop();
    cancelShards(coordinator.outboxes.all.map(({ shardId }) => shardId));
    this.coordinator = null;
  }

  private forward(coordinator: ShardCoordinator, event: ProjectedEvent): void {
    if (!acceptsEvent(this.set.state, event)) return;
    if (event.isLeftOut === true) countOverflow(this.set);
    else coordinator.forward(event);
  }

  private splitIfHeavy(): void {
    const { weight } = this.set;
    if (this.coordinator !== null || weight <= Math.min(this.plan.atBytes, SPLIT_BEFORE_AT_BYTES)) return;
    // A run that began before sets could be split, or when they were split earlier, goes on as it was recorded.
    if (weight <= this.plan.atBytes && wf.patched('split-late')) return;
    if (!wf.patched('shards')) return;
    this.faults.guard(() => {
      const { head, shares } = splitPartitionSet(this.set, this.plan.shards);
      const { rule, state } = head;
      const stored = this.storedRule();
      const { workflowId } = wf.workflowInfo();
      const unpublished = rule.each
        ? this.outbox.alerts().filter(({ data }) => Object.keys(data.partition).length > 0)
        : [];
      this.coordinator = ShardCoordinator.split(
        {
          setId: workflowId,
          epoch: newEpoch(),
          rule: stored,
          shares,
          nowMs: state.now,
          unpublished,
          signalsPerRun: this.signalsPerRun,
        },
        isExact,
      );
      this.set = head;
    });
  }

  private completeBarrier({ letter: message, reports, after }: Barrier): void {
    // Events of the newest millisecond may still be under way: what is due in it comes later.
    const now = this.set.state.now - (message.kind !== 'cut' && wf.patched('rule-moment') ? 1 : 0);
    const untilMs = message.kind === 'cut' ? message.untilMs : now;
    this.faults.guard(() => {
      if (!this.set.rule.each) mergeReports(this.set, reports, untilMs);
      else this.set.state.now = Math.max(this.set.state.now, untilMs);
      if (message.kind === 'rule') {
        const change =
          message.atMs === undefined ? {} : { holders: reports.flatMap(({ holders }) => holders), atMs: message.atMs };
        this.set = replaceCoordinatorRule(this.set, message.rule.rule, message.rule.version, after, change);
      }
      if (message.kind === 'end') endPartitionSet(this.set, message.end.reason, message.end.atMs);
    });
    this.outbox.collect(this.set);
    if (message.kind !== 'end') return;
    this.ended = message.end;
    this.coordinator = null;
  }

  private storedRule(): StoredRule {
    const { rule, state } = this.set;
    return { rule: rule.rule, version: state.ruleVersion, storedAtMs: state.startedAt };
  }

  private version(): number {
    return this.coordinator?.ruleVersion ?? this.set.state.ruleVersion;
  }

  private status(): AlertPhase {
    const all = [
      statusOf(this.set),
      ...(this.coordinator === null || !this.set.rule.each ? [] : this.coordinator.statuses()),
    ];
    return BY_WEIGHT.find((status) => all.includes(status)) ?? 'inactive';
  }

  private show(): void {
    this.outbox.collect(this.set);
    const split =
      this.coordinator === null
        ? ''
        : `\n\nSplit over ${this.coordinator.outboxes.all.length} shards: workflows of type \`ruleShard\` whose ids begin with this one's.`;
    const rebuilt =
      this.recovery === null
        ? ''
        : `\n\nBeing rebuilt from the event stream since ${new Date(this.recovery.sinceMs).toISOString()} (${this.recovery.reason}).`;
    this.shown.show(this.status(), this.set.state.ruleVersion, describeSet(this.set) + split + rebuilt);
  }
}

const versionOf = (message: PartitionSetMessage): number =>
  message.kind === 'rule' ? message.rule.version : message.kind === 'end' ? message.end.version : 0;

const pastOf = ({ publishedUntilMs, isComplete }: RecoveryState): AlertOutbox['past'] =>
  publishedUntilMs === null ? null : { untilMs: publishedUntilMs, hasSameIds: isComplete };

const shardIdOf = (setId: string, { epoch, shard }: ShardNotice): string => `${setId}/shard-${epoch}-${shard}`;
