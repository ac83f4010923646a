import { explain, type ExplainRequest } from '../../src/core/explain/explain.ts';
import { listPartitions, type PartitionPage, type PartitionsRequest } from '../../src/core/explain/list-partitions.ts';
import type { Explanation } from '../../src/core/explain/explanation.ts';
import { jsonBytes } from '../../src/core/primitives/text/bytes.ts';
import { describeSet } from '../../src/core/language/describe.ts';
import { LIMITS } from '../../src/core/primitives/limits.ts';
import { statusOf, type PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import type { ShardChange, ShardState } from '../../src/core/sharding/shard-state.ts';
import { act, checkAction } from '../../src/core/evaluation/actions/act.ts';
import type { ActionResult, OperatorAction } from '../../src/core/model/alert/operator-action.ts';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { packState, unpackState } from '../../src/core/packing/pack-state.ts';
import { limitPartitions } from '../../src/core/partition-set/partitions-max.ts';
import { resumePiece } from '../../src/core/sharding/piece.ts';
import { someSatisfying, takeChanges } from '../../src/core/sharding/shard-changes.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import { applyEvent, arriveAt, nextDeadline, replaceRule } from '../../src/core/evaluation/evaluate.ts';
import { catchUp, catchUpBefore } from '../shared/catch-up.ts';
import { counting } from '../shared/metrics.ts';
import { BEING_REBUILT, type HoldsAlerts } from '../alerts/actions.ts';
import { Faults } from '../shared/faults.ts';
import { generationWith } from '../shared/generation.ts';
import { ResetNotice } from '../rebuild/reset-notice.ts';
import type { PartitionSetView } from '../messages.ts';
import { mayProve } from '../sandbox/own-time.ts';
import { AlertOutbox } from '../alerts/alert-outbox.ts';
import type { Asked, BarrierMessage, ShardInput, ShardMessage } from './messages.ts';
import { openedPieces } from './opened-pieces.ts';
import { ShardCorrections } from './shard-corrections.ts';
import { fitIntoSignal, ToCoordinator } from './to-coordinator.ts';
import { UiState } from '../shared/ui-state.ts';
import { UpdateInTask } from '../alerts/update-in-task.ts';
import { stateView } from '../shared/state-view.ts';

/** JSON bytes carried to the next run next to the state. */
const CARRIED_BYTES = 256 * 1024;

/** One shard of a split partition set: evaluates its partitions, and reports to its coordinator. */
export class ShardRun implements HoldsAlerts {
  readonly outbox: AlertOutbox;
  /** What it tells its coordinator. */
  readonly coordinator: ToCoordinator;
  readonly faults = new Faults();
  readonly updateInTask = new UpdateInTask();
  private readonly resetNotice = new ResetNotice();
  /** Number in flight. */
  activities = 0;
  /** Number of signals received. */
  signalCount = 0;
  private readonly setId: string;
  private share: ShardState;
  readonly ui: UiState;
  private set: PartitionSet;
  private ended = false;
  private abandoned = false;
  private readonly corrections: ShardCorrections;
  private readonly inbox: ShardMessage[];
  private barrier: number;

  constructor({
    setId,
    epoch,
    rule,
    version,
    state,
    outbox,
    notices,
    asked,
    status,
    inbox = [],
    round: barrier = 0,
    comparison,
    muted,
  }: ShardInput) {
    const piece = unpackState(state);
    if (piece.share === undefined) throw new TypeError('the input of a shard has no shard state');
    this.setId = setId;
    this.share = piece.share;
    this.set = resumePiece(rule, piece);
    this.outbox = new AlertOutbox(outbox);
    const open = { ...(comparison !== undefined && { comparison }), ...(muted !== undefined && { muted }) };
    this.corrections = new ShardCorrections(open, this.outbox, this.faults);
    this.coordinator = new ToCoordinator(
      { epoch, shard: piece.share.shard },
      { notices, asked, status },
      this.outbox.isFull(),
    );
    this.inbox = inbox;
    this.barrier = barrier;
    this.ui = new UiState(status, version);
    this.show();
  }

  /** Tells the coordinator if the shard was reset, which is then behind: the set is rebuilt without it. */
  noticeReset(): boolean {
    const wasReset = !this.ended && this.resetNotice.take();
    if (wasReset) this.coordinator.conflict(this.barrier);
    return wasReset;
  }

  /** Handles messages now or, while the outbox is full, when there is room. */
  receive(messages: readonly ShardMessage[]): void {
    this.signalCount += 1;
    this.inbox.push(...messages);
    this.passOn();
  }

  get lateToleranceMs(): number {
    return this.set.rule.lateToleranceMs;
  }

  /** The answer of the query `partitions`. */
  partitions(request?: PartitionsRequest): PartitionPage {
    return listPartitions(this.set, request);
  }

  /** The answer of the query `explain`. */
  explain(request?: ExplainRequest): Explanation {
    return explain(this.set, request);
  }

  mayPublish(): boolean {
    return true;
  }

  hasUpdateInTask = (): boolean => this.updateInTask.isNow();

  /** Alerts were published: there may be room for waiting messages. */
  published(): void {
    if (this.inbox.length > 0 || this.coordinator.wasHeld !== this.outbox.isFull()) this.passOn();
  }

  /** @throws VigilError PARTITION_SET_NOT_FOUND, PARTITION_SET_BUSY, ALERT_ELSEWHERE, and as the core's checkAction */
  checkAction(action: OperatorAction): void {
    const { rule } = this.set;
    if (this.ended || this.abandoned) throw new VigilError('PARTITION_SET_NOT_FOUND', 'Its rule has ended.');
    if (this.corrections.areOpen) throw new VigilError('PARTITION_SET_BUSY', BEING_REBUILT);
    if (this.outbox.isFull())
      throw new VigilError('PARTITION_SET_BUSY', 'Its alerts cannot be published as fast as they arise. Try again.');
    if (!rule.each)
      throw new VigilError('ALERT_ELSEWHERE', `Send the update to the workflow of the set, ${this.setId}.`, {
        workflowId: this.setId,
      });
    checkAction(this.set, action);
  }

  act(action: OperatorAction): ActionResult {
    this.checkAction(action);
    const result = act(this.set, action, Date.now());
    this.show();
    return result;
  }

  /** The coordinator no longer runs, so nobody will send anything. */
  abandon(): void {
    this.abandoned = true;
  }

  /** Messages the coordinator, which then rejects an unknown shard, or turns out to be gone. */
  checkIn(): void {
    this.coordinator.checkIn(this.outbox.isFull());
  }

  /** Asks the coordinator for what the shard needs, once until it arrives. */
  ask(): void {
    if (this.ended) return;
    const dueAt = this.deadline();
    const asked: Asked = { cut: this.share.log.length > 0, dueAt: dueAt <= Date.now() ? dueAt : null };
    this.coordinator.ask({ asked, status: statusOf(this.set), isHeld: this.outbox.isFull() });
  }

  /** Next deadline that the coordinator was not asked for, epoch ms, or Infinity. */
  alarm(): number {
    return this.coordinator.alarm(this.deadline());
  }

  isFinished(): boolean {
    return this.abandoned || (this.ended && this.outbox.length === 0 && this.coordinator.notices.length === 0);
  }

  /** Whether the next run can carry everything. */
  isLight(): boolean {
    return !this.outbox.isFull() && jsonBytes([this.inbox, this.coordinator.notices, this.share.log]) <= CARRIED_BYTES;
  }

  carry(): Omit<ShardInput, 'setId' | 'epoch' | 'storedAtMs' | 'signalsPerRun'> {
    const { set, outbox, coordinator, inbox, barrier, corrections } = this;
    return {
      rule: set.rule.rule,
      version: set.state.ruleVersion,
      state: packState(set.state),
      outbox: outbox.alerts(),
      ...coordinator.carry(),
      inbox,
      round: barrier,
      ...corrections.carry(),
    };
  }

  view(): PartitionSetView {
    const { outbox, faults } = this;
    return stateView(this.set, { status: statusOf(this.set), deadline: this.deadline(), outbox, faults });
  }

  private passOn(): void {
    for (
      let message = this.inbox[0];
      message !== undefined && !this.ended && !this.outbox.isFull();
      message = this.inbox[0]
    ) {
      const isDone = this.handle(message);
      if (!isDone) break;
      this.inbox.shift();
      this.outbox.collect(this.set);
    }
    this.ask();
    this.show();
  }

  private handle(message: ShardMessage): boolean {
    if (message.kind === 'events') return this.apply(message);
    if (message.kind !== 'published') return this.report(message);
    this.corrections.compareMore(this.set, message.alerts);
    return true;
  }

  /** Applies events of the message while there is room, and removes them from it. Returns whether all are applied. */
  private apply({ events, partitionsMax }: Extract<ShardMessage, { kind: 'events' }>): boolean {
    limitPartitions(this.set.state, partitionsMax);
    counting(
      this.set.rule.rule,
      () => this.set.state.counters,
      () => {
        let applied = 0;
        for (; applied < events.length && !this.outbox.isFull(); applied++) {
          const event = events[applied] as ProjectedEvent;
          const isHeldUp = this.faults.guard(() => {
            if (!catchUpBefore(this.set, event, this.outbox, this.faults)) return true;
            this.set.mayProve = mayProve;
            applyEvent(this.set, event);
            return false;
          });
          if (isHeldUp === true) break;
          this.outbox.collect(this.set);
        }
        events.splice(0, applied);
      },
    );
    return events.length === 0;
  }

  /** Returns false if the outbox is full before the clock reaches the requested time. */
  private report(message: BarrierMessage): boolean {
    if (message.round <= this.barrier) {
      this.coordinator.conflict(message.round);
      return true;
    }
    if (message.kind === 'cut' && !catchUp(this.set, message.untilMs, this.outbox, this.faults)) return false;
    if (message.kind === 'cut') this.set = this.corrections.atCut(this.set, message);
    this.barrier = message.round;
    // The newest event of the whole set has moved the clock, too.
    if (message.kind !== 'end' && message.atMs !== undefined && this.set.state.waiting !== undefined)
      this.arriveAt(message.atMs);
    const changes = takeChanges(this.share);
    let after: ShardChange | null = null;
    if (message.kind === 'rule') {
      this.set = this.corrections.beforeRule(this.set, message);
      this.faults.guard(() => this.useRule(message));
      after = takeChanges(this.share).at(-1) ?? null;
      if (after !== null) fitIntoSignal(after);
    }
    if (message.kind === 'end') {
      // In a shard only partitions have alerts; the coordinator ends the alert of the set.
      if (this.set.rule.each) this.set = this.corrections.end(this.set, message.end);
      this.ended = true;
    }
    // All shards together name about as many partitions as an alert can.
    const holders = someSatisfying(this.set, Math.ceil(LIMITS.evidenceItems / this.share.shards));
    this.coordinator.report(message.round, { changes, holders, after });
    return true;
  }

  private useRule({ rule: stored, atMs, opens }: Extract<BarrierMessage, { kind: 'rule' }>): void {
    const { rule, version } = stored;
    if (opens === undefined) {
      const generation = generationWith(this.set, stored);
      this.set = replaceRule(this.set, rule, version, { atMs, generation });
      return;
    }
    const { shard, shards } = this.share;
    const piece = openedPieces(this.set, stored, opens, shards).shares[shard];
    if (piece?.share === undefined) throw new TypeError(`the set has no shard ${shard}`);
    this.share = piece.share;
    this.set = resumePiece(rule, piece);
  }

  private arriveAt(atMs: number): void {
    this.faults.guard(() => void arriveAt(this.set, atMs));
  }

  private deadline(): number {
    return this.ended ? Infinity : (nextDeadline(this.set) ?? Infinity);
  }

  private show(): void {
    this.outbox.collect(this.set);
    const { shard, shards } = this.share;
    this.ui.show(
      statusOf(this.set),
      this.set.state.ruleVersion,
      `Shard ${shard + 1} of ${shards}.\n\n${describeSet(this.set)}`,
    );
  }
}
