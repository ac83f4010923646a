import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LaneLeases, type LeaseEvents } from '../../../src/ingest/leases/lane-leases.ts';
import type { LaneEntry, LaneRecord, LanesNews, LanesPort } from '../../../src/ingest/ports.ts';

const FREE: LaneRecord = { owner: null, sequence: 7, storedAtMs: 7, rulesVersion: 0 };
const BEATS_MS = { timeout: 10_000, interval: 5 };

/** The lane records of a server; a test can lose the response to a write. */
class Lanes implements LanesPort {
  readonly count = 4;
  readonly entries: LaneEntry[] = Array.from({ length: this.count }, () => ({ record: FREE, revision: 1 }));
  /** Called after a write was applied. */
  answer: (lane: number, record: LaneRecord) => void = () => undefined;
  private news: LanesNews | null = null;

  watch(news: LanesNews): Promise<() => void> {
    this.news = news;
    for (const [lane, entry] of this.entries.entries()) news.lane(lane, entry);
    return Promise.resolve(() => undefined);
  }

  beat(reader: string, count: number): Promise<void> {
    this.news?.beat(reader, count, Date.now());
    return Promise.resolve();
  }

  /** Another reader sends a heartbeat. */
  appear(reader: string): void {
    this.news?.beat(reader, 1, Date.now());
  }

  leave(): Promise<void> {
    return Promise.resolve();
  }

  write(lane: number, record: LaneRecord, revision: number): Promise<number | null> {
    if (this.entries[lane]?.revision !== revision) return Promise.resolve(null);
    const entry = { record, revision: revision + 1 };
    this.entries[lane] = entry;
    this.news?.lane(lane, entry);
    return new Promise((resolve) => {
      this.answer(lane, record);
      resolve(entry.revision);
    });
  }
}

const ALL = [0, 1, 2, 3];

describe('the lanes of a reader', () => {
  let lanes: Lanes;
  let leases: LaneLeases;
  let reads: Set<number>;
  let stopping: AbortController;
  let running: Promise<void>;
  beforeEach(() => {
    [lanes, reads, stopping] = [new Lanes(), new Set(), new AbortController()];
    const events: LeaseEvents = {
      has: (lane) => reads.has(lane),
      gained(entries) {
        for (const { lane } of entries) reads.add(lane);
        return Promise.resolve();
      },
      release(lane) {
        reads.delete(lane);
        return Promise.resolve();
      },
      lost: (lane) => void reads.delete(lane),
    };
    leases = new LaneLeases('me', lanes, events, { info: vi.fn(), warn: vi.fn(), error: vi.fn() });
  });
  afterEach(async () => {
    stopping.abort();
    await running;
  });
  const begin = (): void => void (running = leases.run(stopping.signal, () => undefined));
  const readsAll = (): Promise<void> => vi.waitFor(() => expect([...reads].sort()).toEqual(ALL), BEATS_MS);
  const owners = (): unknown[] => lanes.entries.map(({ record: { owner } }) => owner);

  /** Loses the response to the first matching write. */
  function loseAnswer(isIt: (lane: number, record: LaneRecord) => boolean): () => boolean {
    let isLost = false;
    lanes.answer = (lane, record) => {
      if (isLost || !isIt(lane, record)) return;
      isLost = true;
      throw new Error('timeout');
    };
    return () => isLost;
  }

  it('are read even if the response to a successful claim was lost', async () => {
    const isLost = loseAnswer((lane, { owner }) => lane === 2 && owner === 'me');
    begin();
    await vi.waitFor(() => expect([...reads].sort()).toEqual([0, 1, 3]), BEATS_MS);
    await readsAll();
    expect([isLost(), owners()]).toEqual([true, ALL.map(() => 'me')]);
  });

  it('are read from the saved ack floor if the response to a save was lost and the next save conflicted', async () => {
    begin();
    await readsAll();
    const known = lanes.entries[1] as LaneEntry;
    await lanes.write(1, { ...known.record, sequence: 8 }, known.revision);
    expect(await lanes.write(1, { ...known.record, sequence: 9 }, known.revision)).toBeNull();
    reads.delete(1);
    await readsAll();
    expect(lanes.entries[1]?.record).toEqual({ ...known.record, sequence: 8 });
  });

  it('are free for others even if the release was not saved', async () => {
    begin();
    await readsAll();
    lanes.appear('other');
    // `release` here does not save the record, like a release whose write failed.
    await vi.waitFor(() => expect([...reads].sort()).toEqual([0, 1]), BEATS_MS);
    await vi.waitFor(() => expect(owners()).toEqual(['me', 'me', null, null]), BEATS_MS);
  });

  it('are lost when another reader overwrites the record', async () => {
    begin();
    await readsAll();
    lanes.appear('other');
    const known = lanes.entries[0] as LaneEntry;
    await lanes.write(0, { ...known.record, owner: 'other' }, known.revision);
    expect(reads.has(0)).toBe(false);
  });
});
