import { setMaxListeners } from 'node:events';
import type { IndexedRule, RuleIndex } from '../../core/matching/rule-index.ts';
import { missingFromMs } from '../../core/model/stored-rule/version-times.ts';
import type { ByteBudget } from '../fairness/byte-budget.ts';
import { Lane, type LaneDeps } from './lane.ts';
import { LaneRecordWriter } from '../leases/lane-record.ts';
import type { LaneEntry, SubscriberDeps } from '../ports.ts';
import type { Reconciler, PendingDelivery } from '../reconcile/reconciler.ts';
import { RuleBackfill } from '../reconcile/rule-backfill.ts';
import { BackfillCheckpoint } from '../reconcile/backfill-checkpoint.ts';
import { orStop, StoppedError } from '../stopped.ts';
import { PartitionSetRecovery } from '../recovery/partition-set-recovery.ts';
import type { StreamReader } from '../reading/stream-reader.ts';

export interface OwnedLaneSetup {
  deps: SubscriberDeps;
  index: RuleIndex;
  budget: ByteBudget;
  reconciler: Reconciler;
  reader: StreamReader;
  persistUntil: (signal: AbortSignal) => LaneDeps['persist'];
  signal: LaneDeps['signal'];
  wrote: (entry: LaneEntry | null) => void;
}

/** A lane while this reader owns it: its deliveries, rule backfills, recoveries and record. */
export class OwnedLane {
  readonly lane: Lane;
  readonly backfill: RuleBackfill;
  readonly record: LaneRecordWriter;
  readonly recovery: PartitionSetRecovery;
  private readonly checkpoint: BackfillCheckpoint;
  private readonly stopping = new AbortController();
  readonly persist: LaneDeps['persist'];

  constructor(
    number: number,
    entry: LaneEntry,
    { deps, index, budget, reconciler, reader, persistUntil, signal, wrote }: OwnedLaneSetup,
  ) {
    const { log, lanes, logger, rules, alerts, sets } = deps;
    const { sequence, storedAtMs, rulesVersion } = entry.record;
    // Every delivery in flight listens to this signal.
    setMaxListeners(0, this.stopping.signal);
    this.persist = persistUntil(this.stopping.signal);
    this.checkpoint = new BackfillCheckpoint(rulesVersion);
    this.lane = new Lane(
      {
        ...deps,
        number,
        index,
        budget,
        position: () => reader.position,
        persist: this.persist,
        signal,
        stopping: this.stopping.signal,
      },
      { sequence, storedAtMs },
    );
    this.backfill = new RuleBackfill({
      reconciler,
      lane: this.lane,
      log,
      done: this.checkpoint,
      logger,
      persist: this.persist,
      stopping: this.stopping.signal,
    });
    this.recovery = new PartitionSetRecovery({
      index,
      lane: this.lane,
      log,
      rules,
      alerts,
      sets,
      logger,
      deliver: (setId, delivery) => this.deliver(setId, delivery),
      persist: this.persist,
      stopping: this.stopping.signal,
      inTurn: (clientId, work) => this.backfill.inTurn(clientId, work),
    });
    this.record = new LaneRecordWriter({ lane: this.lane, lanes, rulesDone: this.checkpoint, wrote, logger }, entry);
  }

  /** Whether the sets of a rule version have not been started yet, according to the lane's record. */
  isYoung(version: number): boolean {
    return version > this.checkpoint.version;
  }

  /** Backfills rules newer than the checkpoint: the previous reader may have crashed before their backfill ended. */
  async catchUpRules(entries: readonly IndexedRule[]): Promise<void> {
    const known = this.checkpoint.version;
    const young = entries.filter(({ stored }) => stored.version > known);
    for (const { stored } of young) this.checkpoint.begin(stored.version);
    for (const entry of young) {
      await this.persist(() => this.backfill.readGap(entry, missingFromMs(entry.stored, known), this.lane.passed()));
      this.checkpoint.end(entry.stored.version);
    }
  }

  /** Resolves when Temporal has accepted it; rejects when the lane is released. */
  deliver(setId: string, delivery: PendingDelivery): Promise<void> {
    return orStop(
      new Promise((settle) => this.lane.batchers.enqueue(setId, { ...delivery, settle })),
      this.stopping.signal,
    );
  }

  release(): void {
    this.stopping.abort(new StoppedError());
    this.lane.close();
  }

  /** Saves the record without an owner. */
  free(): Promise<void> {
    return this.record.save({ owner: null });
  }
}
