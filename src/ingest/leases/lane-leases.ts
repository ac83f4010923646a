import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../observability/log.ts';
import { planLanes } from './lane-plan.ts';
import type { LaneEntry, LanesPort } from '../ports.ts';
import { ignoreStop } from '../stopped.ts';

const BEAT_MS = 1_000;
/** How long after its last sign of life a reader may act as an owner, by its own clock. Well below TAKEOVER_MS. */
const LEASE_MS = 3_000;
/** A reader whose last sign of life is so much older than ours counts as dead. Both by the server's clock. */
const TAKEOVER_MS = 5_000;

export interface LeaseEvents {
  /** Whether this reader looks after the lane. */
  has: (lane: number) => boolean;
  gained: (lanes: (LaneEntry & { lane: number })[]) => Promise<void>;
  /** Others wait for this lane: give it up, and write so. */
  release: (lane: number) => Promise<void>;
  /** Somebody else has it. */
  lost: (lane: number) => void;
}

/**
 * Which lanes this reader has. Each reader gives a sign of life every second; whoever finds a lane without a living owner
 * takes it over, and whoever has more than its share gives some away. A record is only written over the revision that was
 * seen, so of several that want a lane one gets it.
 */
export class LaneLeases {
  private readonly entries: LaneEntry[];
  private readonly beats = new Map<string, number>();
  private readonly sentAt = new Map<number, number>();
  private serverNow = -Infinity;
  /** After a silence of our own we cannot tell who else is alive before this moment of the server's clock. */
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

  /** Whether this reader may act for the lanes that it has: one that was paused for long must find out first. */
  isValid(): boolean {
    return performance.now() < this.validUntil;
  }

  /** Resolves when the signal stops it; calls `ready` once this reader knows what it has. */
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
          .catch((error: unknown) => this.logger.warn({ err: error }, 'this reader cannot give a sign of life'));
        await ignoreStop(delay(BEAT_MS, undefined, { signal }));
      }
    } finally {
      end();
      await this.balancing;
    }
  }

  /** What was written to a lane of ours, or by others. What is known already changes nothing. */
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
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'the lanes could not be shared out; it is tried again'),
      )
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
   * Lanes that are ours by their records, and that we do not look after: a write of which no answer came may have taken effect
   * all the same. Nobody else would ever take them, as this reader is alive.
   */
  private adrift(): number[] {
    return this.entries.flatMap(({ record }, lane) =>
      record.owner === this.me && !this.events.has(lane) ? [lane] : [],
    );
  }

  /** Null: somebody else has written meanwhile. */
  private async write(lane: number, owner: string | null): Promise<(LaneEntry & { lane: number }) | null> {
    const known = this.entries[lane] as LaneEntry;
    const record = { ...known.record, owner };
    const revision = await this.port.write(lane, record, known.revision);
    if (revision === null) return null;
    this.learn(lane, { record, revision });
    return { lane, record, revision };
  }
}
