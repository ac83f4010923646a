import type { Log } from '../../observability/log.ts';
import type { Lane } from '../routing/lane.ts';
import type { LaneEntry, LaneRecord, LanesPort } from '../ports.ts';
import type { BackfillCheckpoint } from '../reconcile/backfill-checkpoint.ts';

export interface LaneKeeperDeps {
  lane: Lane;
  lanes: LanesPort;
  rulesDone: BackfillCheckpoint;
  /** Tells what now stands; null: somebody else has the lane. */
  wrote: (entry: LaneEntry | null) => void;
  logger: Log;
}

/** Saves the floor of a lane behind it; what lies between is read again after a crash, and the sets drop it by their marks. */
export class LaneRecordWriter {
  private entry: LaneEntry;
  private saving: Promise<void> = Promise.resolve();
  private readonly deps: LaneKeeperDeps;

  constructor(deps: LaneKeeperDeps, entry: LaneEntry) {
    this.deps = deps;
    this.entry = entry;
  }

  /** Saves if there is something new. */
  save(changes: Partial<LaneRecord> = {}): Promise<void> {
    this.saving = this.saving.then(async () => {
      const { lane, lanes, rulesDone, wrote, logger } = this.deps;
      const { sequence, storedAtMs } = lane.floor();
      const record = { ...this.entry.record, sequence, storedAtMs, rulesVersion: rulesDone.version, ...changes };
      if (Object.entries(record).every(([key, value]) => this.entry.record[key as keyof LaneRecord] === value)) return;
      try {
        const revision = await lanes.write(lane.number, record, this.entry.revision);
        if (revision === null) return wrote(null);
        this.entry = { record, revision };
        wrote(this.entry);
      } catch (error) {
        // Harmless for a while: after a crash more is read again. The next save tries anew.
        logger.warn({ err: error, lane: lane.number }, 'the floor could not be saved');
      }
    });
    return this.saving;
  }
}
