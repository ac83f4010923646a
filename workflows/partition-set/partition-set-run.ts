import * as wf from '@temporalio/workflow';
import { explain, type ExplainRequest } from '../../src/core/explain/explain.ts';
import type { Explanation } from '../../src/core/explain/explanation.ts';
import { listPartitions, type PartitionPage, type PartitionsRequest } from '../../src/core/explain/list-partitions.ts';
import { describeSet } from '../../src/core/language/describe.ts';
import type { AlertPhase } from '../../src/core/model/alert/alert.ts';
import {
  MAY_WAIT_BYTES,
  type PartitionSetEnd,
  type RecoveryMessage,
} from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { ActionResult, OperatorAction } from '../../src/core/model/alert/operator-action.ts';
import { clockEndMs, type RulePause } from '../../src/core/model/stored-rule/rule-pause.ts';
import { startsInPast } from '../../src/core/model/stored-rule/version-times.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { packState } from '../../src/core/packing/pack-state.ts';
import type { StreamAlert } from '../../src/core/model/alert/stream-alerts.ts';
import { statusOf, type PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import type {
  CarriedState,
  MutedState,
  PartitionSetInput,
  PartitionSetMessage,
  PartitionSetView,
  RecoveryState,
} from '../messages.ts';
import { AlertOutbox } from '../alerts/alert-outbox.ts';
import { Faults } from '../shared/faults.ts';
import { ResetNotice } from '../rebuild/reset-notice.ts';
import { stateView } from '../shared/state-view.ts';
import type { HoldsAlerts } from '../alerts/actions.ts';
import { UiState } from '../shared/ui-state.ts';
import { UpdateInTask } from '../alerts/update-in-task.ts';
import { actOnAlert, checkActionOn } from './acting.ts';
import { Inbox } from './inbox.ts';
import { applyMessage } from './intake.ts';
import { unmuteAt } from '../rebuild/muting.ts';
import { beginAgain, beginRebuild, finishRebuild, knownPast } from '../rebuild/rebuilding.ts';
import { defer, isReadAgain, recoverFromReset, startRecovery } from '../rebuild/start-recovery.ts';
import { packPast, unpackPast } from './carried-past.ts';
import { openedSet, type SetEvaluation, type RunState } from './run-state.ts';
import { whyHeldBack, heldBackText } from './held-back.ts';
import { WholeSet } from './whole-set.ts';

/** JSON bytes of the inbox: far below the 50 MB limit of a history. Events beyond it are read again later. */
const INBOX_BYTES = 8 * 1024 * 1024;
const BY_WEIGHT: AlertPhase[] = ['firing', 'pending', 'inactive'];

/** What becomes of sets that outgrow their workflow. */
export interface Growth {
  /** The set of a carried state, whether or not it had outgrown its workflow. */
  resumeState(rule: Rule, state: CarriedState['state']): PartitionSet;
  /** The evaluation that the previous run has left; null if that was a whole set. */
  resume(run: RunState, carried: CarriedState): SetEvaluation | null;
  /** See RunState.outgrow. */
  outgrow(run: RunState, anyway?: boolean): SetEvaluation | null;
  /** Sends what waits for the other workflows of the set. */
  sending: (run: PartitionSetRun) => Promise<void>;
  /** Notices which of them no longer run. */
  watching: (run: PartitionSetRun) => Promise<void>;
  /** The signals that they send, by name. */
  signals: ReadonlyMap<string, GrowthSignal>;
}

interface GrowthSignal {
  /** See SignalShapes. */
  isSound: (message: Record<string, unknown>) => boolean;
  receive: (run: PartitionSetRun, message: never) => void;
}

/** One run of a partition set: incoming messages, deadlines, outgoing alerts, and the input of the next run. */
export class PartitionSetRun implements RunState, HoldsAlerts {
  readonly outbox: AlertOutbox;
  readonly faults = new Faults();
  readonly updateInTask = new UpdateInTask();
  readonly resetNotice = new ResetNotice();
  readonly inbox: Inbox;
  readonly outgrow: RunState['outgrow'];
  set: PartitionSet;
  ended: PartitionSetEnd | null = null;
  pause: RulePause | undefined;
  evaluation: SetEvaluation;
  recovery: RecoveryState | null;
  deferred: PartitionSetMessage[];
  muted: MutedState | null;
  isIntakeClosed = false;
  /** Activities in flight. */
  activities = 0;
  /** The run ends: start no activity. */
  isEnding = false;
  readonly ui: UiState;

  constructor(input: PartitionSetInput, growth: Growth) {
    const { rule, version, storedAtMs, group, startedAtMs, carried, isBegunAnew = false } = input;
    this.ui = new UiState(carried?.status ?? 'inactive', version);
    this.pause = input.pause;
    this.set =
      carried === undefined
        ? openedSet({ rule, version }, group, startedAtMs)
        : growth.resumeState(rule, carried.state);
    this.outbox = new AlertOutbox(carried?.outbox ?? []);
    this.inbox = new Inbox(carried?.inbox ?? []);
    this.deferred = carried?.deferred ?? [];
    this.outgrow = (anyway) => growth.outgrow(this, anyway);
    this.evaluation = (carried && growth.resume(this, carried)) ?? new WholeSet(this);
    this.ended = carried?.ended ?? null;
    const { recovery, muted } = unpackPast(carried);
    this.recovery = recovery;
    this.muted = muted;
    this.outbox.isMuted = this.evaluation.muted !== null;
    this.outbox.past = knownPast(this);
    if (carried === undefined && isBegunAnew) startRecovery(this, 'begunAnew', null);
    else if (carried === undefined && startsInPast(input, startedAtMs)) this.evaluation.mute(storedAtMs, 'cleared');
    this.noticeReset();
    // Messages carried over from the previous run.
    this.applyInbox();
  }

  /** Call it before anything that happens: if the run was reset since, the set lacks what came after that point. */
  noticeReset(): boolean {
    const wasReset = this.ended === null && this.resetNotice.take();
    if (wasReset) recoverFromReset(this);
    return wasReset;
  }

  /** Applies a message, or queues it. Drops events that the reader will read again from the stream. */
  receive(message: PartitionSetMessage): void {
    const isRebuilding = this.recovery !== null && !this.inbox.hasRecovered;
    if (isRebuilding && message.kind !== 'events') return defer(this, [message]);
    if (isRebuilding && isReadAgain(this, message)) return;
    this.inbox.pass(message, (each) => applyMessage(this, each));
    if (this.inbox.size > INBOX_BYTES) this.dropInbox();
    this.show();
  }

  /** Handles the start or end of a recovery. Ends of other attempts than the newest are ignored. */
  receiveFromReader(message: RecoveryMessage): void {
    const { recovery } = this;
    if (recovery?.requestId !== message.requestId) return;
    if (message.phase === 'begin') {
      this.resetNotice.learn(recovery.runId, message.runId);
      beginRebuild(this, message, recovery);
    } else if (message.phase === 'refused') this.finish(null);
    else if (message.attempt !== recovery.attempt) return;
    else if (message.phase === 'published') this.receivePublished(message.alerts);
    else this.finish(message.rule);
    this.show();
  }

  checkAction(action: OperatorAction): void {
    checkActionOn(this, action);
  }

  act(action: OperatorAction): ActionResult {
    this.noticeReset();
    const result = actOnAlert(this, action);
    this.show();
    return result;
  }

  /** Handles the deadlines up to the watermark `untilMs`, epoch ms. */
  advanceTo(untilMs: number): void {
    // Waiting events were stored before the watermark: they come first.
    if (this.recovery !== null || !this.inbox.isEmpty) return;
    const atMs = Math.min(untilMs, clockEndMs(this));
    unmuteAt(this, atMs);
    this.evaluation.advanceTo(atMs);
    this.show();
  }

  /** Earliest deadline, epoch ms; Infinity if there is none, if waiting messages come first, or while it is paused. */
  deadline(): number {
    const mustWait = this.isEnding || this.ended !== null || this.recovery !== null;
    if (mustWait || !this.inbox.isEmpty || this.outbox.isFull()) return Infinity;
    const deadline = this.muted?.untilMs ?? this.evaluation.deadline();
    return deadline > clockEndMs(this) ? Infinity : deadline;
  }

  get lateToleranceMs(): number {
    return this.set.rule.lateToleranceMs;
  }

  /**
   * A set that is rebuilt with new alert ids publishes only at the end of the recovery, because its alerts may be
   * resolved by then; or when its outbox is full.
   */
  mayPublish(): boolean {
    return this.outbox.isFull() || (!this.isEnding && (this.outbox.past === null || this.outbox.past.hasSameIds));
  }

  hasUpdateInTask = (): boolean => this.updateInTask.isNow();

  /** Alerts were published: there may be room for waiting messages. */
  published(): void {
    this.applyInbox();
  }

  /** JSON bytes that wait; above MAY_WAIT_BYTES while the set applies nothing. */
  waiting(): number {
    // It drops arriving events, and must not stop the reader from reading them again.
    if (this.recovery?.attempt === null) return 0;
    const isHeld = this.outbox.isFull() || this.evaluation.isHeld() || this.isIntakeClosed;
    const waiting = this.inbox.size + this.outbox.size + this.evaluation.bytes();
    return (isHeld ? MAY_WAIT_BYTES : 0) + waiting;
  }

  isFinished(): boolean {
    return this.ended !== null && this.outbox.length === 0 && this.inbox.isEmpty;
  }

  /** Whether the next run can carry everything. */
  isLight(): boolean {
    return !this.outbox.isFull() && this.inbox.size + this.evaluation.bytes() <= this.evaluation.carriedBytes;
  }

  /** Drops waiting events that cannot be carried over; the reader reads them again from the stream. */
  dropInbox(): void {
    // The reader sends what the set is compared with only at the beginning; pieces that open have applied nothing yet.
    if (this.inbox.hasPublished || this.evaluation.isOpening) return beginAgain(this);
    startRecovery(this, 'inboxOverflow', this.set.state.mark);
  }

  /** Input for the next run. */
  carry(): Pick<PartitionSetInput, 'rule' | 'version' | 'pause' | 'carried'> {
    const { rule, state } = this.set;
    const carried: CarriedState = { state: packState(state), outbox: this.outbox.alerts(), status: this.status() };
    Object.assign(carried, this.evaluation.carry());
    if (this.ended !== null) carried.ended = this.ended;
    if (!this.inbox.isEmpty) carried.inbox = this.inbox.carry();
    if (this.deferred.length > 0) carried.deferred = this.deferred;
    Object.assign(carried, packPast(this));
    return { rule: rule.rule, version: state.ruleVersion, ...(this.pause && { pause: this.pause }), carried };
  }

  view(): PartitionSetView {
    const { outbox, faults } = this;
    const view = stateView(this.set, { status: this.status(), deadline: this.deadline(), outbox, faults });
    return { ...Object.assign(view, this.evaluation.view()), ...whyHeldBack(this) };
  }

  /** The answer of the query `explain`. */
  explain(request?: ExplainRequest): Explanation {
    const { recovery: rebuilding, muted, paused } = whyHeldBack(this);
    return {
      ...explain(this.set, request),
      ...this.evaluation.otherWorkflows(),
      ...(rebuilding !== undefined && { rebuilding }),
      ...(muted !== undefined && { muted }),
      ...(paused !== undefined && { paused }),
    };
  }

  /** The answer of the query `partitions`. */
  partitions(request?: PartitionsRequest): PartitionPage {
    const elsewhere = this.evaluation.otherWorkflows();
    return elsewhere === null ? listPartitions(this.set, request) : { partitions: [], hasMore: false, ...elsewhere };
  }

  /** Applies waiting messages, as far as there is room. */
  applyInbox(): void {
    this.inbox.pass(null, (each) => applyMessage(this, each));
    this.show();
  }

  private receivePublished(alerts: StreamAlert[]): void {
    this.inbox.pass({ kind: 'published', alerts }, (each) => applyMessage(this, each));
    if (this.inbox.size > INBOX_BYTES) this.dropInbox();
  }

  private finish(rule: StoredRule | null): void {
    // Events that wait come first. Replay: histories recorded before this patch compared the set without them.
    if (rule !== null && !this.inbox.isEmpty && wf.patched('recovered-in-order')) {
      this.inbox.add({ kind: 'recovered', rule });
      return this.applyInbox();
    }
    for (const message of finishRebuild(this, rule)) this.inbox.pass(message, (each) => applyMessage(this, each));
  }

  private status(): AlertPhase {
    const all = [statusOf(this.set), ...this.evaluation.phases()];
    return BY_WEIGHT.find((status) => all.includes(status)) ?? 'inactive';
  }

  /** Shows the state in the Temporal UI. */
  show(): void {
    this.outbox.collect(this.set);
    this.ui.show(
      this.status(),
      this.set.state.ruleVersion,
      describeSet(this.set) + this.evaluation.describe() + heldBackText(this),
    );
  }
}
