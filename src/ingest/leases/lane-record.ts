import type { Log } from '../../observability/log.ts';
import type { Lane } from '../routing/lane.ts';
import type { LaneEntry, LaneRecord, LanesPort } from '../ports.ts';
import type { BackfillCheckpoint } from '../reconcile/backfill-checkpoint.ts';

export interface LaneRecordDeps {
  lane: Lane;
  lanes: LanesPort;
  rulesDone: BackfillCheckpoint;
  /** Called with the saved record; null: another reader has the lane. */
  wrote: (entry: LaneEntry | null) => void;
  logger: Log;
}

/** Saves the ack floor of a lane. After a crash, events above it are read again; sets drop those already applied. */
export class LaneRecordWriter {
  private entry: LaneEntry;
  private saving: Promise<void> = Promise.resolve();
  private readonly deps: LaneRecordDeps;

  constructor(deps: LaneRecordDeps, entry: LaneEntry) {
    this.deps = deps;
    this.entry = entry;
  }

  /** Saves if the record has changed. */
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
        // After a crash, more events are read again; the next save retries.
        logger.warn({ err: error, lane: lane.number }, 'ack floor not saved; retrying');
      }
    });
    return this.saving;
  }
}
