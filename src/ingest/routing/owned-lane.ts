import { setMaxListeners } from 'node:events';
import type { Entry, RuleIndex } from '../../core/matching/rule-index.ts';
import type { Budget } from '../fairness/byte-budget.ts';
import { Lane, type LaneDeps } from './lane.ts';
import { LaneKeeper } from '../leases/lane-record.ts';
import type { LaneEntry, SubscriberDeps } from '../ports.ts';
import type { RuleDesk, Unsettled } from '../reconcile/reconciler.ts';
import { RuleIntake } from '../reconcile/rule-backfill.ts';
import { RulesDone } from '../reconcile/backfill-checkpoint.ts';
import { orStop, StoppedError } from '../stopped.ts';
import { SetRecovery } from '../recovery/partition-set-recovery.ts';
import type { StreamReader } from '../reading/stream-reader.ts';

export interface OwnedLaneSetup {
  deps: SubscriberDeps;
  index: RuleIndex;
  budget: Budget;
  desk: RuleDesk;
  reader: StreamReader;
  persistUntil: (signal: AbortSignal) => LaneDeps['persist'];
  signal: LaneDeps['signal'];
  wrote: (entry: LaneEntry | null) => void;
}

/** A lane for as long as this reader has it: what is under way, its rules, and its record. */
export class OwnedLane {
  readonly lane: Lane;
  readonly intake: RuleIntake;
  readonly keeper: LaneKeeper;
  readonly recovery: SetRecovery;
  private readonly rulesDone: RulesDone;
  private readonly stopping = new AbortController();
  private readonly persist: LaneDeps['persist'];

  constructor(number: number, entry: LaneEntry, { deps, index, budget, desk, reader, persistUntil, signal, wrote }: OwnedLaneSetup) {
    const { log, lanes, logger, rules, alerts, sets } = deps;
    const { sequence, storedAtMs, rulesVersion } = entry.record;
    // Everything that is under way listens for its end.
    setMaxListeners(0, this.stopping.signal);
    this.persist = persistUntil(this.stopping.signal);
    this.rulesDone = new RulesDone(rulesVersion);
    this.lane = new Lane(
      { ...deps, number, index, budget, position: () => reader.position, persist: this.persist, signal, stopping: this.stopping.signal },
      { sequence, storedAtMs },
    );
    this.intake = new RuleIntake({ desk, lane: this.lane, log, done: this.rulesDone, persist: this.persist, stopping: this.stopping.signal });
    const say = (setId: string, letter: Unsettled): Promise<void> => this.say(setId, letter);
    this.recovery = new SetRecovery({ index, lane: this.lane, log, rules, alerts, sets, logger, say, persist: this.persist, stopping: this.stopping.signal, inTurn: (clientId, work) => this.intake.inTurn(clientId, work) });
    this.keeper = new LaneKeeper({ lane: this.lane, lanes, rulesDone: this.rulesDone, wrote, logger }, entry);
  }

  /** Whether the sets of a rule have not been started yet, as far as the lane's record tells. */
  isYoung(version: number): boolean {
    return version > this.rulesDone.version;
  }

  /** A reader that died may have owed young rules the events since their acknowledgement. */
  async catchUpRules(entries: readonly Entry[]): Promise<void> {
    const young = entries.filter(({ stored }) => stored.version > this.rulesDone.version);
    for (const { stored } of young) this.rulesDone.begin(stored.version);
    for (const entry of young) {
      await this.persist(() => this.intake.readGap(entry, this.lane.passed()));
      this.rulesDone.end(entry.stored.version);
    }
  }

  /** Resolves when Temporal has taken it; rejects when the lane is given up. */
  say(setId: string, letter: Unsettled): Promise<void> {
    return orStop(new Promise((settle) => this.lane.post(setId, { ...letter, settle })), this.stopping.signal);
  }

  giveUp(): void {
    this.stopping.abort(new StoppedError());
  }

  /** Lets another reader have it. */
  free(): Promise<void> {
    return this.keeper.save({ owner: null });
  }
}
