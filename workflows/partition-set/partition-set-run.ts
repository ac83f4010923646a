import { describeSet } from '../../src/core/language/describe.ts';
import { nextDeadline } from '../../src/core/evaluation/evaluate.ts';
import type { AlertPhase } from '../../src/core/model/alert.ts';
import {
  MAY_WAIT_BYTES,
  type PartitionSetEnd,
  type RecoveryMessage,
} from '../../src/core/model/partition-set-messages.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import { statusOf, type PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { resumePiece } from '../../src/core/sharding/piece.ts';
import type {
  CarriedState,
  PartitionSetInput,
  PartitionSetMessage,
  PartitionSetView,
  RecoveryState,
  SplitPlan,
} from '../messages.ts';
import { AlertOutbox } from '../shared/alert-outbox.ts';
import { catchUp } from '../shared/catch-up.ts';
import { Faults } from '../shared/faults.ts';
import { stateView } from '../shared/state-view.ts';
import { UiState } from '../shared/ui-state.ts';
import type { ShardNotice } from '../shard/messages.ts';
import { ShardCoordinator } from '../shard/shard-coordinator.ts';
import { isExact, loseShards, receiveReport, SPLIT } from '../shard/splitting.ts';
import { Inbox } from './inbox.ts';
import { applyMessage } from './intake.ts';
import { beginRebuild, defer, finishRebuild, isReadAgain, pastOf, startRecovery } from './rebuilding.ts';
import { openedSet, type RunState } from './run-state.ts';

/** JSON bytes of the inbox: far below the 50 MB limit of a history. Events beyond it are read again later. */
const INBOX_BYTES = 8 * 1024 * 1024;
/** JSON bytes of the inbox that the next run gets, next to state, outbox and rule: 2 MB in total. */
const CARRIED_INBOX_BYTES = 256 * 1024;
/** For a split set, whose state is small: JSON bytes of its inbox and its shard outboxes. */
const CARRIED_BY_SPLIT_BYTES = 1_280 * 1024;
const BY_WEIGHT: AlertPhase[] = ['firing', 'pending', 'inactive'];

/** One run of a partition set: incoming messages, deadlines, outgoing alerts, and the input of the next run. */
export class PartitionSetRun implements RunState {
  readonly outbox: AlertOutbox;
  readonly faults = new Faults();
  readonly inbox: Inbox;
  readonly plan: SplitPlan;
  readonly signalsPerRun: number | undefined;
  set: PartitionSet;
  ended: PartitionSetEnd | null = null;
  coordinator: ShardCoordinator | null;
  recovery: RecoveryState | null;
  deferred: PartitionSetMessage[];
  isIntakeClosed = false;
  /** Activities in flight. */
  activities = 0;
  /** The run ends: start no activity. */
  isEnding = false;
  private readonly ui: UiState;

  constructor(input: PartitionSetInput) {
    const { rule, version, group, startedAtMs, carried, isBegunAnew = false, split = SPLIT, signalsPerRun } = input;
    this.ui = new UiState(carried?.status ?? 'inactive', version);
    this.set =
      carried === undefined ? openedSet({ rule, version }, group, startedAtMs) : resumePiece(rule, carried.state);
    this.outbox = new AlertOutbox(carried?.outbox ?? []);
    this.inbox = new Inbox(carried?.inbox ?? []);
    this.deferred = carried?.deferred ?? [];
    this.plan = split;
    this.signalsPerRun = signalsPerRun;
    this.coordinator =
      carried?.desk === undefined ? null : new ShardCoordinator(carried.desk, { rule, version }, isExact);
    this.recovery = carried?.recovery ?? null;
    if (this.recovery !== null) this.outbox.past = pastOf(this.recovery);
    else if (carried === undefined && isBegunAnew) startRecovery(this, 'begunAnew', null);
    this.coordinator?.gather();
    // Messages carried over from the previous run.
    this.applyInbox();
  }

  /** Applies a message, or queues it. Drops events that the reader will read again from the stream. */
  receive(message: PartitionSetMessage): void {
    if (this.recovery !== null && message.kind !== 'events') return defer(this, [message]);
    if (isReadAgain(this, message)) return;
    this.inbox.pass(message, (each) => applyMessage(this, each));
    if (this.inbox.size > INBOX_BYTES) this.dropInbox();
    this.show();
  }

  /** Handles a report of a shard. */
  receiveReport(notice: ShardNotice): void {
    if (receiveReport(this, notice)) this.applyInbox();
    else this.show();
  }

  /** Called when a shard no longer runs. */
  loseShards(detail: string): void {
    loseShards(this, detail);
    this.show();
  }

  /** Handles the start or end of a recovery. Ends of other attempts than the newest are ignored. */
  receiveFromReader(message: RecoveryMessage): void {
    const { recovery } = this;
    if (recovery?.requestId !== message.requestId) return;
    if (message.phase === 'begin') beginRebuild(this, message, recovery);
    else if (message.phase === 'refused') this.finish(null);
    else if (message.attempt === recovery.attempt) this.finish(message.rule);
    this.show();
  }

  /** Handles the deadlines up to the watermark `untilMs`, epoch ms. */
  advanceTo(untilMs: number): void {
    // Waiting events were stored before the watermark: they come first.
    if (this.recovery !== null || !this.inbox.isEmpty) return;
    if (this.coordinator !== null) return this.coordinator.advanceTo(untilMs);
    catchUp(this.set, untilMs, this.outbox, this.faults);
    this.show();
  }

  /** Earliest deadline, epoch ms; Infinity if there is none, or if shard reports or waiting events come first. */
  deadline(): number {
    if (this.isEnding || this.ended !== null || this.recovery !== null || !this.inbox.isEmpty || this.outbox.isFull())
      return Infinity;
    if (this.coordinator?.isAsking() === true || this.coordinator?.isClosing() === true) return Infinity;
    const own = this.coordinator !== null && this.set.rule.each ? Infinity : (nextDeadline(this.set) ?? Infinity);
    return Math.min(own, this.coordinator?.dueAt() ?? Infinity);
  }

  /**
   * A set that is rebuilt with new alert ids publishes only at the end of the recovery, because its alerts may be
   * resolved by then; or when its outbox is full.
   */
  mayPublish(): boolean {
    return this.outbox.isFull() || (!this.isEnding && (this.outbox.past === null || this.outbox.past.hasSameIds));
  }

  /** Alerts were published: there may be room for waiting messages. */
  published(): void {
    this.applyInbox();
  }

  /** JSON bytes that wait; above MAY_WAIT_BYTES while the set applies nothing. */
  waiting(): number {
    // It drops arriving events, and must not stop the reader from reading them again.
    if (this.recovery?.attempt === null) return 0;
    const isHeld = this.outbox.isFull() || this.coordinator?.isHeld() === true || this.isIntakeClosed;
    const waiting = this.inbox.size + this.outbox.size + (this.coordinator?.outboxes.size() ?? 0);
    return (isHeld ? MAY_WAIT_BYTES : 0) + waiting;
  }

  isFinished(): boolean {
    return this.ended !== null && this.outbox.length === 0 && this.inbox.isEmpty;
  }

  /** Whether the next run can carry everything. */
  isLight(): boolean {
    if (this.outbox.isFull()) return false;
    return this.coordinator === null
      ? this.inbox.size <= CARRIED_INBOX_BYTES
      : this.inbox.size + this.coordinator.outboxes.size() <= CARRIED_BY_SPLIT_BYTES;
  }

  /** The run ends: messages from now on wait for the next run, so that the shard outboxes do not grow. */
  closeIntake(): void {
    this.isIntakeClosed = true;
  }

  /** Drops waiting events that cannot be carried over; the reader reads them again from the stream. */
  dropInbox(): void {
    startRecovery(this, 'inboxOverflow', this.set.state.mark);
  }

  /** Input for the next run. */
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

  private applyInbox(): void {
    this.inbox.pass(null, (each) => applyMessage(this, each));
    this.show();
  }

  private finish(rule: StoredRule | null): void {
    for (const message of finishRebuild(this, rule)) this.inbox.pass(message, (each) => applyMessage(this, each));
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
    this.ui.show(this.status(), this.set.state.ruleVersion, describeSet(this.set) + split + rebuilt);
  }
}
