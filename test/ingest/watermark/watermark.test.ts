import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { clientOfPartitionSet } from '../../../src/core/model/ids.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { RuleIndex } from '../../../src/core/matching/rule-index.ts';
import { ByteBudget } from '../../../src/ingest/fairness/byte-budget.ts';
import { Lane } from '../../../src/ingest/routing/lane.ts';
import type { EventLogPort, LogMessage } from '../../../src/ingest/ports.ts';
import { untilDone } from '../../../src/ingest/delivery/retry.ts';
import { ignoreStop, StoppedError } from '../../../src/ingest/stopped.ts';
import { StreamReader } from '../../../src/ingest/reading/stream-reader.ts';
import { Waiters } from '../../../src/ingest/waiters.ts';
import { createWatermark } from '../../../src/ingest/watermark/watermark.ts';
import { logOf } from '../memory-log.ts';
import { noMetrics } from '../../support/metrics/subscriber-metrics.ts';

const NOW_MS = 10_000;
const DEADLINE_MS = 5_000;
const SETS = 5_000;
const ROOMY_BYTES = 1_000_000;

const bytes = new TextEncoder();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A lane and its reader on an in-memory stream, and a Temporal that accepts signals unless the test blocks them. */
function setUp({ budget = ROOMY_BYTES } = {}) {
  const stream: LogMessage[] = [];
  const accepted: number[] = [];
  const gates = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let nowMs: number = NOW_MS;
  let asked = 0;
  let answering = Promise.resolve();
  const inMemory = logOf(stream, { atMs: () => nowMs });
  const log: EventLogPort = {
    ...inMemory,
    async read(from) {
      const reading = await inMemory.read(from);
      return {
        ...reading,
        async position() {
          asked += 1;
          const seen = await reading.position();
          await answering;
          return seen;
        },
      };
    },
  };
  const index = new RuleIndex();
  for (const clientId of ['slow', 'quick']) {
    const rule = parseRule({
      id: 'r',
      clientId,
      where: [{ property: 'n', exists: true }],
      evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
    });
    index.put({ rule, version: 1, storedAtMs: 0 });
  }
  const sets: Pick<PartitionSetsClient, 'sendEvents'> = {
    async sendEvents({ setId }, _rule, { events }) {
      await gates.get(clientOfPartitionSet(setId));
      accepted.push(...events.map(({ seq }) => seq));
    },
  };
  const persist = (work: () => Promise<void>): Promise<void> => untilDone(work, stopping.signal, () => undefined);
  const reader = new StreamReader({ log, count: 1, persist, logger, stopping: stopping.signal });
  const lane = new Lane(
    {
      ...{
        number: 0,
        index,
        log,
        persist,
        logger,
        stopping: stopping.signal,
        budget: new ByteBudget(budget),
        sets: sets as PartitionSetsClient,
      },
      metrics: noMetrics,
      deadLetters: { publish: () => Promise.resolve() },
      position: () => reader.position,
      signal: (_clientId, work) => work(),
    },
    { sequence: 0, storedAtMs: 0 },
  );
  const seenUntil = createWatermark({ reader, find: () => lane, isValid: () => true });
  reader.add([lane]);
  const reading = ignoreStop(reader.run());
  return {
    lane,
    reader,
    accepted,
    asked: () => asked,
    /** Requests a watermark like a set, without a time limit unless the test sets one. */
    ask: (clientId: string, deadlineMs = DEADLINE_MS, signal = new AbortController().signal) =>
      seenUntil(clientId, deadlineMs, signal),
    store(clientId: string, storedAtMs = 1_000): number {
      const sequence = stream.length + 1;
      stream.push({
        sequence,
        storedAtMs,
        subject: `events.${clientId}.reading`,
        bytes: bytes.encode(JSON.stringify({ n: sequence })),
        left: 0,
      });
      return sequence;
    },
    /** Temporal accepts nothing of this client until the returned function is called. */
    block(clientId: string): () => void {
      const { promise, open } = gate();
      gates.set(clientId, promise);
      return open;
    },
    /** Delays the server's responses until the returned function is called; they have the state at the request. */
    delayAnswers(): () => void {
      const { promise, open } = gate();
      answering = promise;
      return open;
    },
    setClock: (ms: number) => void (nowMs = ms),
    async stop() {
      stopping.abort(new StoppedError());
      await reading;
    },
  };
}

function gate(): { promise: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

type Bench = ReturnType<typeof setUp>;
let bench: Bench;
async function begin(settings?: Parameters<typeof setUp>[0]): Promise<Bench> {
  bench = setUp(settings);
  await expect.poll(() => bench.reader.isReading()).toBe(true);
  return bench;
}
beforeEach(() => begin());
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.stop();
});

describe('many sets with one deadline', () => {
  it.each([
    ['of one client', () => 'quick'],
    ['each of another client', (set: number) => `client-${set}`],
  ])('%s need only a few requests to the server', async (_name, clientOf) => {
    const { ask, asked } = bench;
    const answers = await Promise.all(Array.from({ length: SETS }, (_, set) => ask(clientOf(set))));
    expect(new Set(answers)).toEqual(new Set([NOW_MS - 1]));
    expect(asked()).toBeLessThanOrEqual(3);
  });

  it('need none if a recent position of the server is beyond the deadline', async () => {
    const { ask, asked } = bench;
    await ask('quick');
    expect(await ask('slow')).toBe(NOW_MS - 1);
    expect(asked()).toBe(1);
    await ask('slow', NOW_MS);
    expect(asked()).toBe(2);
  });

  it('need one if that position is old: the clock may have been corrected since', async () => {
    const { ask, asked, setClock } = bench;
    setClock(NOW_MS + 3_600_000);
    await ask('quick');
    setClock(NOW_MS);
    const later = performance.now() + 2_000;
    vi.spyOn(performance, 'now').mockReturnValue(later);
    expect(await ask('quick')).toBe(NOW_MS - 1);
    expect(asked()).toBe(2);
  });
});

describe('a deadline', () => {
  it('is confirmed only when Temporal has accepted everything stored until then, even with a known position', async () => {
    const { ask, store, block, accepted, asked } = bench;
    const open = block('slow');
    const sequence = store('slow');
    store('quick');
    await ask('quick');
    const before = asked();
    let answer = 0;
    const answered = ask('slow').then((untilMs) => (answer = untilMs));
    await ask('quick');
    expect([answer, accepted.includes(sequence)]).toEqual([0, false]);
    open();
    expect(await answered).toBe(NOW_MS - 1);
    expect(accepted).toContain(sequence);
    expect(asked()).toBe(before);
  });

  it('is not confirmed by a request that was already in flight', async () => {
    const { ask, store, block, delayAnswers, setClock, accepted, asked } = bench;
    const arrive = delayAnswers();
    setClock(2_000);
    const first = ask('quick', 1_000);
    await expect.poll(asked).toBe(1);
    const open = block('quick');
    const sequence = store('quick', 3_000);
    setClock(NOW_MS);
    let isConfirmed = false;
    const second = ask('quick').then(() => (isConfirmed = true));
    arrive();
    expect(await first).toBe(1_999);
    await expect.poll(asked).toBe(2);
    expect(isConfirmed).toBe(false);
    open();
    await second;
    expect(accepted).toContain(sequence);
  });

  it('gets a lower watermark if the clock of the stream is behind', async () => {
    expect(await bench.ask('quick', NOW_MS + 500)).toBe(NOW_MS - 1);
  });
});

describe('aborted watermark requests', () => {
  const ASKED = 1_000;
  let waiting: () => number;
  beforeEach(() => {
    const wait = vi.spyOn(Waiters.prototype, 'wait');
    waiting = () => [...new Set(wait.mock.contexts as Waiters[])].reduce((sum, { size }) => sum + size, 0);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'Temporal accepts nothing',
      async () => {
        const { block, store, reader } = bench;
        block('slow');
        const sequence = store('slow');
        await expect.poll(() => reader.position.sequence).toBe(sequence);
      },
    ],
    [
      'a rule change does not end',
      () => {
        void ignoreStop(bench.lane.whileRulesChange('slow', () => new Promise(() => undefined)));
        return Promise.resolve();
      },
    ],
    [
      'the reader has no room for the next messages',
      async () => {
        await bench.stop();
        const { block, store, reader } = await begin({ budget: 1 });
        block('slow');
        store('slow');
        store('quick');
        await expect.poll(() => reader.position.sequence).toBe(1);
      },
    ],
  ])('leave no waiter behind if %s', async (_why, hinder) => {
    await hinder();
    const before = waiting();
    const { ask } = bench;
    const timeout = new AbortController();
    const answers = Array.from({ length: ASKED }, () => ask('slow', DEADLINE_MS, AbortSignal.any([timeout.signal])));
    const settled = Promise.allSettled(answers);
    await expect.poll(() => waiting() - before).toBe(ASKED);
    timeout.abort();
    expect(new Set((await settled).map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(waiting()).toBe(before);
    await bench.stop();
    expect(waiting()).toBe(0);
  });

  it('leave no waiter behind if the server does not respond', async () => {
    const { ask, delayAnswers } = bench;
    const arrive = delayAnswers();
    const timeout = new AbortController();
    const settled = Promise.allSettled(
      Array.from({ length: ASKED }, () => ask('slow', DEADLINE_MS, AbortSignal.any([timeout.signal]))),
    );
    await expect.poll(bench.asked).toBe(1);
    timeout.abort();
    expect(new Set((await settled).map(({ status }) => status))).toEqual(new Set(['rejected']));
    arrive();
    expect(await ask('slow')).toBe(NOW_MS - 1);
    expect(waiting()).toBe(0);
  });
});
