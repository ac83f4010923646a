import type { Muted } from '../../src/core/evaluation/correction/correct-alerts.ts';
import type { NewStart } from '../../src/core/evaluation/generation.ts';
import type { AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import type { AlertPhase, AlertReason } from '../../src/core/model/alert/alert.ts';
import { compileRule, type CompiledRule } from '../../src/core/compilation/compile-rule.ts';
import { partitionKey } from '../../src/core/partition-set/partition-index.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import { shardOf } from '../../src/core/sharding/shard-of.ts';
import { shardOfPublished } from '../../src/core/sharding/split-published.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { StreamAlert } from '../../src/core/model/alert/stream-alerts.ts';
import type { Scalar } from '../../src/core/primitives/value.ts';
import { ShardOutboxes } from './shard-outbox.ts';
import type { Barrier, BarrierMessage, CoordinatorState, CutExtras, ShardNotice } from './messages.ts';

/**
 * Coordinates the shards of a split partition set: forwards events in order, and collects the shards' changes with
 * barriers.
 */
export class ShardCoordinator {
  readonly outboxes: ShardOutboxes;
  /** How many partitions all shards may have together, by the quota of the client. */
  partitionsMax: number | undefined;
  private readonly state: CoordinatorState;
  private route: CompiledRule;
  private version: number;
  private closing = false;
  private readonly isExact: () => boolean;
  private readonly parts = new Map<number, ProjectedEvent[]>();

  /** `isExact`: barriers include the newest event; false in histories recorded before that patch. */
  constructor(
    state: CoordinatorState,
    { rule, version }: Pick<StoredRule, 'rule' | 'version'>,
    isExact: () => boolean,
  ) {
    this.state = state;
    this.isExact = isExact;
    this.outboxes = new ShardOutboxes(state.boxes, (shard) => state.held?.includes(shard) === true);
    this.route = compileRule(rule);
    this.version = version;
    for (const { letter: message } of state.rounds) if (message.kind === 'rule') this.learn(message.rule);
  }

  get epoch(): string {
    return this.state.epoch;
  }

  /** The newest version of the rule that was sent to the shards. */
  get ruleVersion(): number {
    return this.version;
  }

  get rule(): CompiledRule {
    return this.route;
  }

  /** Queues an event for the shard of its partition; `flush` sends it. */
  forward(event: ProjectedEvent): void {
    // The set's clock never runs back, whatever the stream's clock does; a shard sees only its own events.
    this.state.newestAtMs = Math.max(this.state.newestAtMs, event.at);
    for (const shard of this.shardsOf(event)) {
      const part = this.parts.get(shard) ?? [];
      this.parts.set(shard, part);
      part.push({ ...event, at: this.state.newestAtMs });
    }
  }

  /** Settings for all partitions go to every shard. */
  private shardsOf({ data, isSettings }: ProjectedEvent): number[] {
    const shards = this.outboxes.all.length;
    if (isSettings === true && this.route.settings?.placeIn(data) === null) return [...this.outboxes.all.keys()];
    return [shardOf(partitionKey(this.route.partitionBy.map((property) => data[property] as Scalar)), shards)];
  }

  /** Sends the forwarded events. */
  flush(): void {
    const { partitionsMax } = this;
    const share =
      partitionsMax === undefined ? {} : { partitionsMax: Math.ceil(partitionsMax / this.outboxes.all.length) };
    for (const [shard, events] of this.parts) this.outboxes.enqueue(shard, { kind: 'events', events, ...share });
    this.parts.clear();
  }

  /**
   * Starts a barrier: everything stored up to `saidMs` has been forwarded. If newer events were forwarded, the barrier
   * includes them: a change that one shard recorded for such an event must not be judged before the earlier deadlines
   * of the other shards.
   */
  advanceTo(saidMs: number, what: CutExtras = {}): void {
    const untilMs = this.isExact() ? Math.max(saidMs, this.forwardedUntil()) : saidMs;
    this.state.wantsCut = false;
    this.state.newestAtMs = Math.max(this.state.newestAtMs, untilMs);
    if (this.state.dueAt !== null && this.state.dueAt <= untilMs) this.state.dueAt = null;
    this.begin({ kind: 'cut', round: this.nextRound(), untilMs, atMs: this.state.newestAtMs, ...what });
  }

  get comparison(): AlertComparison | null {
    return this.state.comparison ?? null;
  }

  /** What the set's own alert is compared with when it is unmuted; null if it is published. */
  get muted(): Muted | null {
    return this.state.muted ?? null;
  }

  /** Sends the shards more of what the alert stream has of their partitions. */
  compareMore(alerts: readonly StreamAlert[]): void {
    const shards = this.outboxes.all.length;
    for (let shard = 0; shard < shards; shard++) {
      const share = alerts.filter((alert) => shardOfPublished(this.route, alert, shards) === shard);
      if (share.length > 0) this.outboxes.enqueue(shard, { kind: 'published', alerts: share });
    }
  }

  /** Corrects all alerts at the same point of the event order: everything stored up to `untilMs` has been forwarded. */
  correct(untilMs: number): void {
    // Called for every event until the shards have reported.
    if (this.state.rounds.some(({ letter: message }) => message.kind === 'cut' && message.corrects === true)) return;
    this.flush();
    this.advanceTo(untilMs, { corrects: true });
  }

  /** Mutes all pieces at the same point of the event order. */
  mute(resolves: AlertReason): void {
    this.flush();
    this.advanceTo(this.forwardedUntil(), { mutes: resolves });
  }

  /** Everything stored up to `untilMs` has been forwarded. */
  unmute(untilMs: number): void {
    this.flush();
    this.advanceTo(untilMs, { unmutes: true });
  }

  /** The set's own alert is corrected, too. */
  endComparison(): void {
    delete this.state.comparison;
  }

  keepMuted(muted: Muted | null): void {
    delete this.state.muted;
    if (muted !== null) this.state.muted = muted;
  }

  /**
   * `atNewest`: the rule changes at the time of the newest event, in all shards; false in histories recorded before
   * that patch.
   */
  changeRule(rule: StoredRule, atNewest = true): void {
    const moment = atNewest ? { atMs: this.state.newestAtMs } : {};
    if (this.isExact()) this.advanceTo(this.forwardedUntil());
    this.learn(rule);
    this.begin({ kind: 'rule', round: this.nextRound(), rule, ...moment });
  }

  /** All pieces give up their state, and begin again at an earlier time: see NewStart. */
  open(rule: StoredRule, opens: NewStart): void {
    this.learn(rule);
    this.begin({ kind: 'rule', round: this.nextRound(), rule, atMs: rule.storedAtMs, opens });
    this.state.newestAtMs = opens.startedAtMs;
    this.state.dueAt = null;
  }

  end(end: PartitionSetEnd): void {
    if (this.isExact()) this.advanceTo(this.forwardedUntil());
    this.begin({ kind: 'end', round: this.nextRound(), end });
  }

  /** Handles a message of a shard. A repeated one changes nothing. */
  receive(notice: Exclude<ShardNotice, { kind: 'conflict' }>): void {
    const { state } = this;
    if (notice.kind === 'ask') {
      state.statuses[notice.shard] = notice.status;
      this.hold(notice.shard, notice.isHeld === true);
      state.wantsCut ||= notice.asked.cut;
      if (notice.asked.dueAt !== null) state.dueAt = Math.min(state.dueAt ?? Infinity, notice.asked.dueAt);
      return;
    }
    const barrier = state.rounds.find(({ letter: message }) => message.round === notice.round);
    if (barrier?.missing.includes(notice.shard) !== true) return;
    const { shard, changes, holders, isLast, after } = notice;
    barrier.reports.push({ shard, changes, holders });
    barrier.after[shard] = after;
    if (isLast) barrier.missing = barrier.missing.filter((each) => each !== shard);
  }

  /** Removes and returns the oldest barrier if it is complete. */
  takeCompleteBarrier(): Barrier | undefined {
    return this.state.rounds[0]?.missing.length === 0 ? this.state.rounds.shift() : undefined;
  }

  /** A shard cannot publish as fast as it creates alerts. */
  isHeld(): boolean {
    return this.held().length > 0;
  }

  held(): readonly number[] {
    return this.state.held ?? [];
  }

  /** The number of the oldest incomplete barrier, or null. */
  oldestBarrier(): number | null {
    return this.state.rounds[0]?.letter.round ?? null;
  }

  /** The shards that have not reported the oldest barrier. */
  missing(): number[] {
    return this.state.rounds[0]?.missing ?? [];
  }

  /** Starts a barrier if shards have asked for one; only one at a time, while more changes accumulate. */
  gather(): void {
    if (this.state.wantsCut && !this.isAsking() && !this.closing) this.advanceTo(this.forwardedUntil());
  }

  /** Whether an end was sent to the shards. */
  isEnding(): boolean {
    return this.state.rounds.some(({ letter: message }) => message.kind === 'end');
  }

  /** Whether the shards have not begun again yet. */
  isOpening(): boolean {
    return this.state.rounds.some(({ letter: message }) => message.kind === 'rule' && message.opens !== undefined);
  }

  isAsking(): boolean {
    return this.state.rounds.length > 0;
  }

  /** Earliest deadline of any shard, epoch ms, or Infinity. */
  dueAt(): number {
    return this.state.dueAt ?? Infinity;
  }

  statuses(): readonly AlertPhase[] {
    return this.state.statuses;
  }

  /** The run is about to end: start no barrier. */
  close(): void {
    this.closing = true;
  }

  isClosing(): boolean {
    return this.closing;
  }

  carry(): CoordinatorState {
    return this.state;
  }

  /** Events stored in the same millisecond as the newest one may still be in flight. */
  private forwardedUntil(): number {
    return this.state.newestAtMs - 1;
  }

  private hold(shard: number, isHeld: boolean): void {
    const others = this.held().filter((each) => each !== shard);
    if (isHeld) this.state.held = [...others, shard];
    else if (this.state.held !== undefined) this.state.held = others;
  }

  private learn({ rule, version }: StoredRule): void {
    this.route = compileRule(rule);
    this.version = version;
  }

  private nextRound(): number {
    return (this.state.round += 1);
  }

  private begin(message: BarrierMessage): void {
    this.state.rounds.push({
      letter: message,
      reports: [],
      after: [],
      missing: this.outboxes.all.map((_box, shard) => shard),
    });
    this.outboxes.enqueueAll(message);
  }
}
