import type { Log } from '../adapters/log.ts';
import { Floor } from './floor.ts';
import type { FloorPort, LaneFloor } from './ports.ts';

/** The floor is written behind; what lies between is read again after a crash, and the sets drop it by their marks. */
const SAVE_AFTER_MS = 250;

/** A lane's floor, loaded at the start and saved whenever it has moved. */
export class FloorKeeper {
  readonly floor: Floor;
  private saved: LaneFloor;
  private rulesVersion: number;
  private timer: NodeJS.Timeout | null = null;
  private saving: Promise<void> = Promise.resolve();
  private readonly lane: string;
  private readonly store: FloorPort;
  private readonly logger: Log;

  private constructor(lane: string, store: FloorPort, logger: Log, loaded: LaneFloor) {
    this.lane = lane;
    this.store = store;
    this.logger = logger;
    this.saved = loaded;
    this.rulesVersion = loaded.rulesVersion;
    this.floor = new Floor(loaded.sequence, loaded.storedAtMs, () => this.schedule());
  }

  static async open(lane: string, store: FloorPort, logger: Log): Promise<FloorKeeper> {
    const loaded = await store.load(lane);
    return new FloorKeeper(lane, store, logger, loaded ?? { sequence: 0, storedAtMs: 0, rulesVersion: 0 });
  }

  /** Rules up to this version have been given every event from their acknowledgement on. */
  get rulesDone(): number {
    return this.rulesVersion;
  }

  ruleDone(version: number): void {
    this.rulesVersion = Math.max(this.rulesVersion, version);
    this.schedule();
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    await this.save();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.save();
    }, SAVE_AFTER_MS);
  }

  private save(): Promise<void> {
    this.saving = this.saving.then(async () => {
      const { sequence, storedAtMs } = this.floor;
      const now = { sequence, storedAtMs, rulesVersion: this.rulesVersion };
      if (now.sequence === this.saved.sequence && now.rulesVersion === this.saved.rulesVersion) return;
      try {
        await this.store.save(this.lane, now);
        this.saved = now;
      } catch (error) {
        // Harmless for a while: after a crash more is read again. The next move tries anew.
        this.logger.warn({ err: error, lane: this.lane }, 'the floor could not be saved');
      }
    });
    return this.saving;
  }
}
