import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../observability/log.ts';
import { planLanes } from './lane-plan.ts';
import type { LaneEntry, LanesPort } from '../ports.ts';
import { ignoreStop } from '../stopped.ts';

const BEAT_MS = 1_000;
/** How long after its last heartbeat a reader may act as owner, by its own clock. Well below TAKEOVER_MS. */
const LEASE_MS = 3_000;
/** A reader whose last heartbeat is this much older than ours counts as dead, by the server's clock. */
const TAKEOVER_MS = 5_000;

export interface LeaseEvents {
  /** Whether this reader works on the lane. */
  has: (lane: number) => boolean;
  gained: (lanes: (LaneEntry & { lane: number })[]) => Promise<void>;
  /** Other readers need this lane: release it, and save the record without an owner. */
  release: (lane: number) => Promise<void>;
  /** Another reader owns it. */
  lost: (lane: number) => void;
}

/**
 * The lanes of this reader. Every reader sends a heartbeat each second. A reader claims lanes without a live owner, and
 * releases those beyond its share. Records are written with compare-and-set on the revision, so one of several claims
 * succeeds.
 */
export class LaneLeases {
  private readonly entries: LaneEntry[];
  private readonly beats = new Map<string, number>();
  private readonly sentAt = new Map<number, number>();
  private serverNow = -Infinity;
  /** After a pause of this process, the liveness of others is unknown until then, by the server's clock. */
  private sureFrom = -Infinity;
  private validUntil = -Infinity;
  private balancing: Promise<void> | null = null;
  private readonly me: string;
  private readonly port: LanesPort;
  private readonly events: LeaseEvents;
  private readonly logger: Log;

  constructor(me: string, port: LanesPort, events: LeaseEvents, logger: Log) {
    this.me = me;
    this.port = port;
    this.events = events;
    this.logger = logger;
    this.entries = Array.from({ length: port.count }, () => ({
      record: { owner: null, sequence: 0, storedAtMs: 0, rulesVersion: 0 },
      revision: 0,
    }));
  }

  /** Whether this reader may act for its lanes. After a long pause it must first learn which lanes it still owns. */
  isValid(): boolean {
    return performance.now() < this.validUntil;
  }

  /** Resolves when the signal aborts. Calls `ready` once this reader knows its lanes. */
  async run(signal: AbortSignal, ready: () => void): Promise<void> {
    const end = await this.port.watch({
      lane: (lane, entry) => this.learn(lane, entry),
      beat: (reader, count, atMs) => this.hear(reader, count, atMs, ready),
      left: (reader) => void this.beats.delete(reader),
    });
    try {
      for (let count = 1; !signal.aborted; count += 1) {
        this.sentAt.set(count, performance.now());
        await this.port
          .beat(this.me, count)
          .catch((error: unknown) => this.logger.warn({ err: error }, 'heartbeat of this reader failed'));
        await ignoreStop(delay(BEAT_MS, undefined, { signal }));
      }
    } finally {
      end();
      await this.balancing;
    }
  }

  /** Applies a written lane record, of this reader or another. Old revisions change nothing. */
  learn(lane: number, entry: LaneEntry): void {
    const known = this.entries[lane];
    if (known === undefined || entry.revision <= known.revision) return;
    this.entries[lane] = entry;
    if (known.record.owner === this.me && entry.record.owner !== this.me) this.events.lost(lane);
  }

  private hear(reader: string, count: number, atMs: number, ready: () => void): void {
    this.beats.set(reader, atMs);
    if (reader !== this.me) return;
    if (atMs - this.serverNow > TAKEOVER_MS && this.serverNow > 0) this.sureFrom = atMs + TAKEOVER_MS;
    this.serverNow = atMs;
    const sentAt = this.sentAt.get(count);
    this.sentAt.delete(count);
    if (sentAt !== undefined) this.validUntil = sentAt + LEASE_MS;
    this.balancing ??= this.balance()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'lane assignment failed; retrying'))
      .finally(() => {
        this.balancing = null;
        ready();
      });
  }

  private async balance(): Promise<void> {
    const alive = new Set([
      this.me,
      ...[...this.beats]
        .filter(([, atMs]) => this.serverNow < this.sureFrom || this.serverNow - atMs < TAKEOVER_MS)
        .map(([reader]) => reader),
    ]);
    await Promise.all(this.adrift().map((lane) => this.write(lane, null)));
    const { claim, release } = planLanes({
      me: this.me,
      alive,
      owners: this.entries.map(({ record }) => record.owner),
    });
    for (const lane of release) await this.events.release(lane);
    const claims = await Promise.allSettled(claim.map((lane) => this.write(lane, this.me)));
    const gained = claims.flatMap((claimed) =>
      claimed.status === 'fulfilled' && claimed.value !== null ? [claimed.value] : [],
    );
    if (gained.length > 0) await this.events.gained(gained);
    const failed = claims.find((claimed) => claimed.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /**
   * Lanes that this reader owns by their records but does not work on: a write without a response may still have taken
   * effect. Nobody else would claim them while this reader is alive.
   */
  private adrift(): number[] {
    return this.entries.flatMap(({ record }, lane) =>
      record.owner === this.me && !this.events.has(lane) ? [lane] : [],
    );
  }

  /** Null: another reader has written the record meanwhile. */
  private async write(lane: number, owner: string | null): Promise<(LaneEntry & { lane: number }) | null> {
    const known = this.entries[lane] as LaneEntry;
    const record = { ...known.record, owner };
    const revision = await this.port.write(lane, record, known.revision);
    if (revision === null) return null;
    this.learn(lane, { record, revision });
    return { lane, record, revision };
  }
}
