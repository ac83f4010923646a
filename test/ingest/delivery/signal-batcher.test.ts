import { describe, expect, it, vi } from 'vitest';
import type { PartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { SignalBatcher, type Delivery } from '../../../src/ingest/delivery/signal-batcher.ts';
import { SignalPace } from '../../../src/ingest/delivery/signal-pace.ts';

const ruleAt = (version: number): StoredRule => ({
  rule: parseRule({
    id: 'r',
    clientId: 'c',
    where: [{ property: 'm', equals: '*' }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 1 } },
  }),
  version,
  storedAtMs: 0,
});
const place = { setId: 'set', group: [], startedAtMs: 0 };

async function untilAnswered(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch {
      // Retry.
    }
  }
}

/** A Temporal that accepts a signal when the test calls `accept`. */
function bench() {
  const signals: string[] = [];
  const settled: number[] = [];
  const gates: (() => void)[] = [];
  const take = (what: string): Promise<void> =>
    new Promise((resolve) => {
      signals.push(what);
      gates.push(resolve);
    });
  const run = { id: 'first' };
  const questions: ((waiting: number | Error) => void)[] = [];
  const sets: Pick<PartitionSetsClient, 'sendEvents' | 'sendRule' | 'changeRule' | 'end' | 'waiting' | 'runOf'> = {
    sendEvents: (_place, rule, batch) =>
      take(
        `events ${batch.events.map(({ seq }) => seq).join(' ')}${batch.rule ? ` with rule ${rule.version}` : ''}` +
          (batch.partitionsMax === undefined ? '' : ` for ${batch.partitionsMax} partitions`),
      ),
    sendRule: (_place, rule) => take(`rule ${rule.version}`),
    changeRule: (_id, rule) => take(`change ${rule.version}`),
    end: (_id, end) => take(`end ${end.reason}`),
    runOf: () => Promise.resolve(run.id),
    waiting: () =>
      new Promise((answer, fail) =>
        questions.push((waiting) => (waiting instanceof Error ? fail(waiting) : answer(waiting))),
      ),
  };
  const quota: { partitions: number | null } = { partitions: null };
  const batcher = new SignalBatcher('set', {
    sets: sets as PartitionSetsClient,
    partitionsMax: () => quota.partitions,
    deliver: (attempt) => attempt(),
    persist: untilAnswered,
    onClosed: () => undefined,
  });
  const event = (seq: number, version = 1, bytes = 100, left = 0): Delivery => ({
    kind: 'event',
    event: { seq, time: 0, at: 0, data: {} },
    bytes,
    left,
    rule: ruleAt(version),
    place,
    settle: () => settled.push(seq),
  });
  return {
    signals,
    settled,
    batcher,
    post: (...deliveries: Delivery[]) => deliveries.forEach((delivery) => batcher.enqueue(delivery)),
    event,
    /** Temporal accepts the signal in flight; resolves after everything that follows. */
    async accept(): Promise<void> {
      gates.shift()?.();
      await new Promise(setImmediate);
    },
    questions,
    run,
    quota,
    turn: () => new Promise(setImmediate),
  };
}

describe('a signal batcher', () => {
  it('sends immediately when idle, and batches what arrives while a signal is in flight', async () => {
    const { post, event, signals, settled, accept, turn } = bench();
    post(event(1));
    await turn();
    post(event(2), event(3));
    await turn();
    post(event(4));
    expect(signals).toEqual(['events 1 with rule 1']);
    await accept();
    expect(signals).toEqual(['events 1 with rule 1', 'events 2 3 4']);
    expect(settled).toEqual([1]);
    await accept();
    expect(settled).toEqual([1, 2, 3, 4]);
  });

  it('tells the set the quota of partitions with the events, as it is when they are sent', async () => {
    const { post, event, signals, accept, turn, quota } = bench();
    quota.partitions = 7;
    post(event(1));
    await turn();
    post(event(2));
    quota.partitions = null;
    await accept();
    expect(signals).toEqual(['events 1 with rule 1 for 7 partitions', 'events 2']);
  });

  it('keeps the order of events, rules and ends, and sends each rule version once', async () => {
    const { post, event, signals, accept, turn } = bench();
    const settle = (): void => undefined;
    post(
      event(1),
      event(2),
      { kind: 'rule', rule: ruleAt(2), place: null, settle },
      event(3, 2),
      { kind: 'end', end: { reason: 'ruleDeleted', atMs: 0, version: 3 }, settle },
      event(4, 4),
    );
    await turn();
    for (let sent = 0; sent < 5; sent++) await accept();
    expect(signals).toEqual([
      'events 1 2 with rule 1',
      'change 2',
      'events 3',
      'end ruleDeleted',
      'events 4 with rule 4',
    ]);
  });

  it('splits batches that are too large for one signal, by count and by bytes', async () => {
    const { post, event, signals, accept, turn } = bench();
    post(...Array.from({ length: 1_500 }, (_, index) => event(index + 1)));
    await turn();
    await accept();
    expect(signals.map((signal) => signal.split(' ').filter(Number).length)).toEqual([1_001, 500]);
    await accept();
    post(event(2_001, 1, 400_000), event(2_002, 1, 400_000), event(2_003, 1, 900_000));
    await turn();
    for (let sent = 0; sent < 3; sent++) await accept();
    expect(signals.slice(2)).toEqual(['events 2001', 'events 2002', 'events 2003']);
  });
});

describe('a signal batcher in a backlog', () => {
  const BEHIND = 50_000;

  it('sends a signal once it is full, even when idle before', async () => {
    const { post, event, signals, turn } = bench();
    post(event(1, 1, 100, BEHIND));
    await turn();
    expect(signals).toEqual([]);
    post(...Array.from({ length: 999 }, (_, index) => event(index + 2, 1, 100, BEHIND)));
    await turn();
    expect(signals.map((signal) => signal.split(' ').filter(Number).length)).toEqual([1_001]);
  });

  it('sends a partial signal when nothing more arrives', async () => {
    const { post, event, signals } = bench();
    post(event(1, 1, 100, BEHIND));
    await expect.poll(() => signals, { interval: 10, timeout: 2_000 }).toEqual(['events 1 with rule 1']);
  });

  it.each([
    ['an event near the end of the stream', (event: (seq: number) => Delivery) => event(2), 'events 1 2 with rule 1'],
    [
      'a rule change',
      (): Delivery => ({ kind: 'rule', rule: ruleAt(2), place: null, settle: () => undefined }),
      'events 1 with rule 1',
    ],
  ])('sends immediately with %s', async (_what, next, sent) => {
    const { post, event, signals, turn } = bench();
    post(event(1, 1, 100, BEHIND));
    await turn();
    post(next(event));
    await turn();
    expect(signals).toEqual([sent]);
  });
});

describe('a set that does not keep up', () => {
  const DELIVERIES = 40_000;

  it('is queried after some full signals, and gets no more until it has handled them', async () => {
    const { post, event, signals, questions, accept, turn } = bench();
    post(...Array.from({ length: DELIVERIES }, (_, index) => event(index + 1)));
    await turn();
    for (let n = 0; n < 10; n++) await accept();
    expect([signals.length, questions.length]).toEqual([3, 1]);
    questions.shift()?.(0);
    await turn();
    expect(signals).toHaveLength(4);
  });

  it('gets no more until its backlog is small enough', async () => {
    const { post, event, signals, questions, accept, turn } = bench();
    post(...Array.from({ length: DELIVERIES }, (_, index) => event(index + 1)));
    await turn();
    for (let n = 0; n < 3; n++) await accept();
    questions.shift()?.(2_000_000);
    await expect.poll(() => questions.length, { interval: 5, timeout: 1_000 }).toBe(1);
    expect(signals).toHaveLength(3);
    questions.shift()?.(1_000);
    await turn();
    expect(signals).toHaveLength(4);
  });

  it.each([
    ['with its backlog', 2_000_000, 2_000_000],
    ['also if it does not answer', new Error('no worker'), null],
  ])('is held since the query, once that was 5 seconds ago, %s', async (_what, answer, waitingBytes) => {
    const { post, event, batcher, questions, accept, turn } = bench();
    post(...Array.from({ length: DELIVERIES }, (_, index) => event(index + 1)));
    await turn();
    const beforeMs = Date.now();
    for (let n = 0; n < 3; n++) await accept();
    const askedByMs = Date.now();
    expect(batcher.held(askedByMs + 60_000)).toBeNull();
    questions.shift()?.(answer);
    await expect.poll(() => questions.length, { interval: 5, timeout: 1_000 }).toBe(1);
    const held = batcher.held(askedByMs + 5_000);
    expect(held).toMatchObject({ workflowId: 'set', waitingBytes });
    expect(held?.sinceMs).toBeGreaterThanOrEqual(beforeMs);
    expect(held?.sinceMs).toBeLessThanOrEqual(askedByMs);
    expect(batcher.held(beforeMs + 4_999)).toBeNull();
    questions.shift()?.(0);
    await turn();
    expect(batcher.held(askedByMs + 60_000)).toBeNull();
  });

  it('is queried while signals continue, so that one that keeps up never waits', async () => {
    const { post, signals, questions, accept, turn } = bench();
    const changes = Array.from({ length: 60 }, (_, index): Delivery => ({
      kind: 'rule',
      rule: ruleAt(index + 1),
      place: null,
      settle: () => undefined,
    }));
    post(...changes);
    await turn();
    let delayed = 0;
    for (let n = 1; n <= 60; n++) {
      if (signals.length < n) delayed += 1;
      await accept();
      questions.shift()?.(0);
      await turn();
    }
    expect([signals.length, delayed]).toEqual([60, 0]);
  });
});

describe('the rate limit of signals to a set', () => {
  it('allows a burst, then five per second', () => {
    const pace = new SignalPace();
    const sentAt: number[] = [];
    for (let now = 0; sentAt.length < 12; now += pace.waitMs(now)) {
      if (pace.waitMs(now) > 0) continue;
      sentAt.push(now);
      pace.sent(now);
    }
    expect(sentAt).toEqual([0, 0, 0, 0, 0, 200, 400, 600, 800, 1_000, 1_200, 1_400]);
  });

  it('allows a burst again after a pause', () => {
    const pace = new SignalPace();
    for (let n = 0; n < 5; n++) pace.sent(0);
    expect(pace.waitMs(0)).toBe(200);
    expect(pace.waitMs(200)).toBe(0);
    for (let n = 0; n < 5; n++) {
      expect(pace.waitMs(5_000)).toBe(0);
      pace.sent(5_000);
    }
    expect(pace.waitMs(5_000)).toBe(200);
  });

  it('delays the next signal once, however many full signals were sent early', () => {
    const pace = new SignalPace();
    for (let n = 0; n < 100; n++) pace.sent(0);
    expect(pace.waitMs(0)).toBe(200);
  });

  it('does not delay a full signal', async () => {
    const { post, event, signals, accept, turn } = bench();
    for (let n = 1; n <= 6; n++) {
      post(event(n));
      await turn();
      await accept();
    }
    expect(signals).toHaveLength(5);
    post(...Array.from({ length: 1_000 }, (_, n) => event(n + 7)));
    await expect.poll(() => signals.length, { interval: 1, timeout: 100 }).toBe(6);
  });
});

describe('a set that is about to continue as new', () => {
  it('gets nothing after the signal in flight, until its next run has started', async () => {
    const { batcher, post, event, signals, accept, run, turn } = bench();
    post(event(1));
    await turn();
    const quiet = batcher.pause('first');
    post(event(2));
    let isQuiet = false;
    void quiet.then(() => (isQuiet = true));
    await turn();
    expect(isQuiet).toBe(false);
    await accept();
    await quiet;
    expect(signals).toEqual(['events 1 with rule 1']);
    run.id = 'second';
    await vi.waitFor(() => expect(signals).toEqual(['events 1 with rule 1', 'events 2']));
  });

  it('gets events again after the time limit if its run continues', async () => {
    const { batcher, post, event, signals } = bench();
    await batcher.pause('first');
    post(event(1));
    await vi.waitFor(() => expect(signals).toEqual(['events 1 with rule 1']), { timeout: 5_000 });
  });
});
