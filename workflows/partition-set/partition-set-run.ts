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

/** What may wait in a set: far less than the 50 MB that a history may have. Beyond it, events are read again later. */
const INBOX_BYTES = 8 * 1024 * 1024;
/** Of it, what the next run gets beside the state, the outbox and the rule: it can get 2 MB in all. */
const CARRIED_INBOX_BYTES = 256 * 1024;
/** The state of a split set is small; this is for its inbox and for what waits for its shards. */
const CARRIED_BY_SPLIT_BYTES = 1_280 * 1024;
const BY_WEIGHT: AlertPhase[] = ['firing', 'pending', 'inactive'];

/** One run of a partition set: its messages in, its deadlines, its alerts out, and what the next run gets. */
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
  /** In flight: publications, and questions to the reader. */
  activities = 0;
  /** The run ends: no activity begins. */
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
    // What the previous run has left waiting.
    this.applyInbox();
  }

  /** Applies a message now or, where it must wait, in its turn. Events that are read again from the stream anyway are left out. */
  receive(message: PartitionSetMessage): void {
    if (this.recovery !== null && message.kind !== 'events') return defer(this, [message]);
    if (isReadAgain(this, message)) return;
    this.inbox.pass(message, (each) => applyMessage(this, each));
    if (this.inbox.size > INBOX_BYTES) this.dropInbox();
    this.show();
  }

  /** A shard has reported. */
  receiveReport(notice: ShardNotice): void {
    if (receiveReport(this, notice)) this.applyInbox();
    else this.show();
  }

  /** A shard does not run any more. */
  loseShards(detail: string): void {
    loseShards(this, detail);
    this.show();
  }

  /** The events that the set lacks begin or end; those of another attempt than the newest are not for it. */
  receiveFromReader(message: RecoveryMessage): void {
    const { recovery } = this;
    if (recovery?.requestId !== message.requestId) return;
    if (message.phase === 'begin') beginRebuild(this, message, recovery);
    else if (message.phase === 'refused') this.finish(null);
    else if (message.attempt === recovery.attempt) this.finish(message.rule);
    this.show();
  }

  /** Handles the deadlines up to `untilMs`, by which everything stored has been delivered. */
  advanceTo(untilMs: number): void {
    // What waits was stored before: it comes first.
    if (this.recovery !== null || !this.inbox.isEmpty) return;
    if (this.coordinator !== null) return this.coordinator.advanceTo(untilMs);
    catchUp(this.set, untilMs, this.outbox, this.faults);
    this.show();
  }

  /** Epoch ms of the earliest deadline, or Infinity. Shards that are being asked come first, and so do events that wait. */
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

  /** Alerts were published: there may be room for what waits. */
  published(): void {
    this.applyInbox();
  }

  /** Bytes of JSON that wait; above MAY_WAIT_BYTES where nothing more is applied. */
  waiting(): number {
    // It leaves out what arrives, and must not keep the reader from reading it again.
    if (this.recovery?.attempt === null) return 0;
    const isHeld = this.outbox.isFull() || this.coordinator?.isHeld() === true || this.isIntakeClosed;
    const waiting = this.inbox.size + this.outbox.size + (this.coordinator?.outboxes.size() ?? 0);
    return (isHeld ? MAY_WAIT_BYTES : 0) + waiting;
  }

  isFinished(): boolean {
    return this.ended !== null && this.outbox.length === 0 && this.inbox.isEmpty;
  }

  /** Whether the next run can get everything. */
  isLight(): boolean {
    if (this.outbox.isFull()) return false;
    return this.coordinator === null
      ? this.inbox.size <= CARRIED_INBOX_BYTES
      : this.inbox.size + this.coordinator.outboxes.size() <= CARRIED_BY_SPLIT_BYTES;
  }

  /** The run ends: what arrives from now on waits for the next one, so that no more has to be handed over than there is. */
  closeIntake(): void {
    this.isIntakeClosed = true;
  }

  /** Too many events wait to be carried over: they are read again from the stream. */
  dropInbox(): void {
    startRecovery(this, 'inboxOverflow', this.set.state.mark);
  }

  /** What the next run gets. */
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
