import { beforeEach, describe, expect, it } from 'vitest';
import type { PartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { clientOfPartitionSet } from '../../../src/core/model/ids.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { RuleIndex } from '../../../src/core/matching/rule-index.ts';
import { ByteBudget } from '../../../src/ingest/fairness/byte-budget.ts';
import { Lane } from '../../../src/ingest/routing/lane.ts';
import { NO_READER_QUOTAS, type LogMessage, type ReaderQuotasPort } from '../../../src/ingest/ports.ts';
import { untilDone } from '../../../src/ingest/delivery/retry.ts';
import type { EventBatch } from '../../../workflows/messages.ts';
import { logOf } from '../memory-log.ts';
import { noMetrics } from '../../support/metrics/subscriber-metrics.ts';

const BUDGET = 40_000;
const GROUPS = 3;
/** Signals to one set are rate-limited. */
const PATIENT = { timeout: 20_000 };
const rule = (clientId: string, more: object = {}) =>
  parseRule({
    id: 'r',
    clientId,
    ...more,
    where: [{ property: 'n', exists: true }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
  });

const bytes = new TextEncoder();
const message = (sequence: number, clientId: string): LogMessage => ({
  ...{ sequence, storedAtMs: 1_000 + sequence, subject: `events.${clientId}.reading` },
  ...{ bytes: bytes.encode(JSON.stringify({ n: sequence, text: 'x'.repeat(700) })), left: 0 },
});

/** A lane on an in-memory stream, and a Temporal that accepts a client's signals unless the test blocks them. */
function setUp(how: Parameters<typeof logOf>[1] & { quotas?: Partial<ReaderQuotasPort> } = {}) {
  const stream: LogMessage[] = [];
  const accepted = new Map<string, number[]>();
  const gates = new Map<string, Promise<void>>();
  const deadLetters: number[] = [];
  const reported: string[] = [];
  const overQuota: string[] = [];
  let position = { sequence: 0, storedAtMs: 0 };
  let stored = 0;
  const store = (clientId: string, how = (sequence: number) => message(sequence, clientId)): LogMessage => {
    const next = how((stored += 1));
    stream.push(next);
    return next;
  };
  const index = new RuleIndex();
  for (const clientId of ['slow', 'quick']) index.put({ rule: rule(clientId), version: 1, storedAtMs: 0 });
  index.put({ rule: rule('grouped', { groupBy: ['n'] }), version: 1, storedAtMs: 0 });
  const signalled = async (setId: string, { events }: EventBatch): Promise<void> => {
    const clientId = clientOfPartitionSet(setId);
    await gates.get(clientId);
    accepted.set(clientId, [...(accepted.get(clientId) ?? []), ...events.map(({ seq }) => seq)]);
    for (const { isLeftOut } of events) if (isLeftOut === true) reported.push(setId);
  };
  const sets: Pick<PartitionSetsClient, 'sendEvents' | 'signalEvents'> = {
    sendEvents: ({ setId }, _rule, batch) => signalled(setId, batch),
    signalEvents: signalled,
  };
  const stopping = new AbortController();
  const budget = new ByteBudget(BUDGET);
  const lane = new Lane(
    {
      ...{
        number: 0,
        index,
        budget,
        sets: sets as PartitionSetsClient,
        log: logOf(stream, how),
        stopping: stopping.signal,
      },
      groupsPerRule: GROUPS,
      quotas: { ...NO_READER_QUOTAS, ...how.quotas },
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      metrics: { ...noMetrics, overQuota: (clientId, quota) => void overQuota.push(`${clientId} ${quota}`) },
      deadLetters: { publish: ({ sequence }) => Promise.resolve(void deadLetters.push(sequence)) },
      position: () => position,
      persist: (work) => untilDone(work, stopping.signal, () => undefined),
      signal: (_clientId, work) => work(),
    },
    position,
  );
  const admit = (next: LogMessage, clientId: string): number => {
    lane.admit(next, clientId);
    position = next;
    return next.sequence;
  };
  lane.rebase();
  return {
    lane,
    budget,
    accepted: (clientId: string) => accepted.get(clientId) ?? [],
    deadLetters,
    /** Sets that got an overflow event: their rule has no room for another group. */
    reported,
    overQuota,
    /** Stores an event, and passes it to the lane like the reader. */
    hand(clientId: string, how?: (sequence: number) => LogMessage): number {
      const next = store(clientId, how);
      if (lane.mustWaitFor(clientId) !== undefined) throw new Error('the reader would have to wait');
      return admit(next, clientId);
    },
    /** The same, but waits if the reader would have to. */
    async handOver(clientId: string): Promise<number> {
      const next = store(clientId);
      for (let wait = lane.mustWaitFor(clientId); wait !== undefined; wait = lane.mustWaitFor(clientId)) await wait;
      return admit(next, clientId);
    },
    /** The reader reads an event that it does not pass to this lane. */
    pass: (clientId: string): void => void (position = store(clientId)),
    /** Removes messages, like the stream's limits. */
    remove: (...sequences: number[]) =>
      void stream.splice(0, stream.length, ...stream.filter(({ sequence }) => !sequences.includes(sequence))),
    /** Temporal accepts nothing of this client until the returned function is called. */
    block(clientId: string): () => void {
      let open: (() => void) | undefined;
      gates.set(clientId, new Promise((resolve) => (open = resolve)));
      return () => open?.();
    },
  };
}

let bench: ReturnType<typeof setUp>;
beforeEach(() => {
  bench = setUp();
});

describe('a lane with a tenant that has a quota of partition sets', () => {
  it('leaves out events of further groups and counts them; sets that run, and other tenants, go on', async () => {
    const { hand, accepted, overQuota, deadLetters, lane } = setUp({
      quotas: { of: (clientId) => ({ partitionSets: clientId === 'grouped' ? 2 : null, partitions: null }) },
    });
    const inGroup = (group: number) =>
      hand('grouped', (sequence) => ({ ...message(sequence, 'grouped'), bytes: bytes.encode(`{"n":${group}}`) }));
    const begun = [1, 2].map(inGroup);
    const others = ['slow', 'quick'].map((clientId) => hand(clientId));
    inGroup(3);
    const again = inGroup(1);
    inGroup(4);
    await expect.poll(() => accepted('grouped').toSorted((a, b) => a - b)).toEqual([...begun, again]);
    await expect.poll(() => [...accepted('slow'), ...accepted('quick')]).toEqual(others);
    expect(overQuota).toEqual(['grouped partitionSets', 'grouped partitionSets']);
    expect(deadLetters).toEqual([]);
    expect(lane.floorOf('grouped').sequence).toBe(again + 1);
  });
});

describe('a lane with a tenant over its quota of events', () => {
  it('passes what is over to the dead letters, and nothing of the others, until the bucket is filled up', async () => {
    const { hand, accepted, deadLetters, lane } = setUp({
      quotas: { eventsPerSecondAt: (clientId) => (clientId === 'quick' ? 0.3 : null), limitsEventsAt: () => true },
    });
    const at = (atMs: number, clientId: string) =>
      hand(clientId, (sequence) => ({ ...message(sequence, clientId), storedAtMs: atMs }));
    const first = [20_000, 20_001, 20_002].map((atMs) => at(atMs, 'quick'));
    const over = [20_003, 29_999].map((atMs) => at(atMs, 'quick'));
    const others = [20_000, 20_001, 20_002, 20_003, 29_999].map((atMs) => at(atMs, 'slow'));
    const next = at(30_000, 'quick');
    await expect.poll(() => accepted('quick')).toEqual([...first, next]);
    await expect.poll(() => accepted('slow')).toEqual(others);
    expect(deadLetters).toEqual(over);
    await expect.poll(() => lane.floor().sequence).toBe(next);
  });

  it('skips a repetition, which takes a token and is no dead letter', async () => {
    const { hand, accepted, deadLetters, lane } = setUp({
      quotas: { eventsPerSecondAt: () => 0.2, limitsEventsAt: () => true },
    });
    const at = (isRepetition: boolean) =>
      hand('quick', (sequence) => ({ ...message(sequence, 'quick'), storedAtMs: 20_000, isRepetition }));
    const first = at(false);
    at(true);
    const over = at(false);
    const last = at(true);
    await expect.poll(() => lane.floor().sequence).toBe(last);
    expect([accepted('quick'), deadLetters]).toEqual([[first], [over]]);
  });

  it('decides on what a slow tenant has sent as if it had not been slow', async () => {
    const { hand, block, accepted, deadLetters } = setUp({
      quotas: { eventsPerSecondAt: (clientId) => (clientId === 'slow' ? 5 : null), limitsEventsAt: () => true },
    });
    const open = block('slow');
    const sent: number[] = [];
    for (let n = 0; n < 120; n++) {
      sent.push(
        hand('slow', (sequence) => ({ ...message(sequence, 'slow'), storedAtMs: n < 60 ? 1_000 : 10_000 + n })),
      );
      const quick = hand('quick', (sequence) => ({
        ...message(sequence, 'quick'),
        storedAtMs: n < 60 ? 1_000 : 10_000 + n,
      }));
      if (n % 10 === 0) await expect.poll(() => accepted('quick').at(-1)).toBe(quick);
    }
    open();
    await expect.poll(() => accepted('slow'), PATIENT).toEqual([...sent.slice(0, 50), ...sent.slice(60, 110)]);
    await expect.poll(() => deadLetters).toEqual([...sent.slice(50, 60), ...sent.slice(110)]);
  });
});

describe('a lane with a slow tenant', () => {
  it('delivers to the others, and later all events to the slow one, once and in order', async () => {
    const { lane, hand, block, accepted } = bench;
    const open = block('slow');
    const sent = { slow: [] as number[], quick: [] as number[] };
    for (let n = 0; n < 200; n++) {
      sent.slow.push(hand('slow'));
      sent.quick.push(hand('quick'));
      if (n % 10 === 0) await expect.poll(() => accepted('quick').length).toBe(n + 1);
    }
    await expect.poll(() => accepted('quick')).toEqual(sent.quick);
    expect(accepted('slow')).toEqual([]);
    expect(lane.floor().sequence).toBe(0);
    open();
    await expect.poll(() => accepted('slow'), PATIENT).toEqual(sent.slow);
    await expect.poll(() => lane.floor().sequence).toBe(400);
    sent.slow.push(hand('slow'));
    await expect.poll(() => accepted('slow'), PATIENT).toEqual(sent.slow);
  });

  it('confirms the watermark of the quick one, independent of the slow one', async () => {
    const { lane, hand, block } = bench;
    block('slow');
    for (let n = 0; n < 60; n++) hand('slow');
    const last = hand('quick');
    await lane.reached('quick', last);
    expect(lane.floorOf('quick').sequence).toBe(last);
    expect(lane.floorOf('slow').sequence).toBe(0);
  });

  it('keeps its ack floor after its release, however far the reader continues for other lanes', async () => {
    const { lane, hand, pass, accepted } = bench;
    const last = hand('quick');
    await lane.reached('quick', last);
    lane.close();
    pass('quick');
    pass('slow');
    expect(lane.floor().sequence).toBe(last);
    expect(lane.passed().sequence).toBe(last);
    expect(accepted('quick')).toEqual([last]);
  });

  it('frees its part of the budget when it is released', async () => {
    const { lane, hand, block, budget } = bench;
    const free = budget.free;
    const open = block('slow');
    for (let n = 0; n < 20; n++) hand('slow');
    expect(budget.free).toBeLessThan(free);
    lane.close();
    expect(budget.free).toBe(free);
    open();
    await expect.poll(() => bench.accepted('slow').length).toBeGreaterThan(0);
    expect(budget.free).toBe(free);
  });

  it('publishes an invalid message to the dead letters once, even if it is read again', async () => {
    const { hand, block, deadLetters, lane } = bench;
    const open = block('slow');
    for (let n = 0; n < 60; n++) hand('slow');
    const bad = hand('slow', (sequence) => ({ ...message(sequence, 'slow'), bytes: bytes.encode('no JSON') }));
    open();
    await expect.poll(() => lane.floor().sequence).toBe(bad);
    expect(deadLetters).toEqual([bad]);
  });
});

describe('a parked tenant', () => {
  /** Exceeds its share of the budget. */
  const fill = (length = 60): number[] => Array.from({ length }, () => bench.hand('slow'));

  it('resumes even if its events arrive steadily and its catch-up reader always lags a little', async () => {
    bench = setUp({ turnsLate: 3 });
    const { lane, block, handOver, accepted } = bench;
    const open = block('slow');
    const sent = fill();
    expect(lane.underWay()).toMatchObject({ messages: 60, oldestMs: 1_001, aside: 1 });
    open();
    for (let turns = 0; lane.underWay().aside > 0; turns++) {
      expect(turns).toBeLessThan(10_000);
      sent.push(await handOver('slow'));
      await new Promise(setImmediate);
    }
    await expect.poll(() => accepted('slow'), PATIENT).toEqual(sent);
  });

  it('moves the ack floor while it catches up', async () => {
    const { lane, block } = bench;
    const open = block('slow');
    fill(160);
    open();
    const floors = new Set<number>();
    await expect
      .poll(() => lane.underWay().aside > 0 && floors.add(lane.floor().sequence).size, PATIENT)
      .toBeGreaterThan(2);
    await expect.poll(() => lane.floor().sequence, PATIENT).toBe(160);
  });

  it('resumes if its skipped messages were removed from the stream', async () => {
    const { lane, block, hand, remove, accepted } = bench;
    const open = block('slow');
    remove(...fill());
    open();
    await expect.poll(() => lane.underWay().aside, PATIENT).toBe(0);
    expect(lane.floor().sequence).toBe(60);
    const next = hand('slow');
    await expect.poll(() => accepted('slow').at(-1), PATIENT).toBe(next);
  });
});

describe('a lane whose tenant has a rule change in progress', () => {
  it('holds back what arrives meanwhile, and delivers it afterwards', async () => {
    const { lane, hand, accepted } = bench;
    let done: (() => void) | undefined;
    const change = lane.whileRulesChange('slow', () => new Promise((resolve) => (done = resolve)));
    const sent = [hand('slow'), hand('slow')];
    const other = hand('quick');
    await expect.poll(() => accepted('quick')).toEqual([other]);
    expect(accepted('slow')).toEqual([]);
    done?.();
    await change;
    await expect.poll(() => accepted('slow')).toEqual(sent);
    await expect.poll(() => lane.floor().sequence).toBe(other);
  });
});

describe('a lane with a rule with too many groups', () => {
  it('starts the maximum number of sets, reports the overflow to one, and drops the other events', async () => {
    const { lane, hand, accepted, reported } = bench;
    for (let n = 0; n < 50; n++) hand('grouped');
    await expect.poll(() => lane.floor().sequence).toBe(50);
    expect(accepted('grouped').sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    expect(reported).toEqual([expect.stringMatching(/n=1$/)]);
  });

  it('counts sets that an earlier reader started', async () => {
    const { lane, hand, accepted, reported } = bench;
    for (const n of [7, 8, 9]) lane.addKnownSet(`grouped/rules/r/n.exists=true/n=${n}`);
    for (let n = 0; n < 9; n++) hand('grouped');
    await expect.poll(() => lane.floor().sequence).toBe(9);
    expect(accepted('grouped').sort((a, b) => a - b)).toEqual([1, 7, 8, 9]);
    expect(reported).toEqual([expect.stringMatching(/n=7$/)]);
  });
});
