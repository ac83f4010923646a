import { describe, expect, it } from 'vitest';
import type { ReportedLimit } from '../../../src/core/primitives/limits.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { limitPartitions } from '../../../src/core/partition-set/partitions-max.ts';
import { driver } from '../../support/evaluation/driver.ts';

const rule = (having: object, more: object = {}) => ({
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having },
  ...more,
});
const sizeOf = (set: ReturnType<typeof driver>): number => JSON.stringify(set.state()).length;
/** Maximum state carried to the next run: the payload's 2 MB, minus room for the outbox. */
const PAYLOAD_BYTES = 1_900_000;

describe('state is bounded, whatever arrives', () => {
  it('a window with very many samples is summarised, and its edges stay accurate to one slice', () => {
    const set = driver(rule({ calc: 'count', within: '10m', gte: 5_000 }));
    for (let second = 0; second < 600; second++) for (let n = 0; n < 10; n++) set.send(second, { m: 'a' });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['limit', 'firing']);
    expect(sizeOf(set)).toBeLessThan(20_000);
    set.advance(2_000);
    const resolved = set.alerts().at(-1);
    const slice = 600 / LIMITS.windowSlices;
    const exact = 500 + 200;
    expect((Date.parse(resolved?.data.evaluatedAt ?? '') - Date.UTC(2026, 0, 1)) / 1000 - exact).toBeLessThanOrEqual(
      2 * slice,
    );
  });

  it('a short window stays summarised in few slices, however far events are ahead of the clock', () => {
    const set = driver(rule({ calc: 'sum', property: 'v', within: '1ms', gt: 0 }));
    for (let n = 0; n < 3_000; n++) set.send(0, { m: 'a', v: 1, time: 1 + n / 20 });
    expect(sizeOf(set)).toBeLessThan(30_000);
  });

  it('the changes in a summarised window are counted, within and between slices', () => {
    const set = driver(rule({ calc: 'changes', property: 's', within: '10m', gte: 400 }));
    // A change with every third value: 500 values in 500 s, so 166 of them; with every value after that.
    for (let n = 0; n < 500; n++) set.send(n, { m: 'a', s: Math.floor(n / 3) });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['limit']);
    for (let n = 0; n < 300; n++) set.send(500 + n / 10, { m: 'a', s: -n });
    const firing = set.alerts().find(({ data }) => data.status === 'firing');
    const changes = 166 + 1;
    expect((Date.parse(firing?.data.evaluatedAt ?? '') - Date.UTC(2026, 0, 1)) / 1000).toBeCloseTo(
      500 + (400 - changes) / 10,
      0,
    );
  });

  it('new partitions above the quota of the client are dropped, until there is room; those that it has stay', () => {
    const set = driver(rule({ calc: 'latest', property: 'v', equals: 'on' }));
    const partitions = (): string[] => Object.keys(set.state().partitions);
    limitPartitions(set.state(), 2);
    for (const m of ['a', 'b', 'c']) set.send(1, { m, v: 'off' });
    expect(partitions()).toEqual(['["a"]', '["b"]']);
    expect(set.alerts().map(({ data }) => `${data.status}: ${data.message}`)).toEqual([
      'limit: 2 partitions are as many as the quota of the client allows in one set; events of further ones are left out.',
    ]);
    limitPartitions(set.state(), 1);
    set.restore();
    for (const m of ['b', 'c']) set.send(2, { m, v: 'off' });
    expect(partitions()).toEqual(['["a"]', '["b"]']);
    limitPartitions(set.state(), undefined);
    set.send(3, { m: 'c', v: 'off' });
    expect(partitions()).toEqual(['["a"]', '["b"]', '["c"]']);
    expect(set.state().counters.overflow).toBe(2);
  });

  it('partitions in expect are within the quota of the client', () => {
    const set = driver({ ...rule({ calc: 'latest', property: 'v', equals: 'on' }), expect: [{ m: 'a' }, { m: 'b' }] });
    limitPartitions(set.state(), 1);
    set.send(1, { m: 'b', v: 'on' });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['firing']);
  });

  it('new partitions above the cap are dropped, the cap is reported once, and existing partitions continue', () => {
    const set = driver(rule({ calc: 'latest', property: 'v', equals: 'on' }));
    for (let n = 0; n < 20_000; n++) set.send(n / 1000, { m: `machine-${n}-${'x'.repeat(100)}`, v: 'off' });
    set.send(30, { m: `machine-0-${'x'.repeat(100)}`, v: 'on' });
    expect(set.alerts().map(({ data }) => `${data.status} ${data.reason}`)).toEqual([
      'limit limit',
      'firing condition',
    ]);
    expect(set.state().counters.overflow).toBeGreaterThan(0);
    expect(sizeOf(set)).toBeLessThan(PAYLOAD_BYTES);
  });

  it('many partitions with full windows fit into a payload', () => {
    const set = driver(
      rule({
        all: [
          { calc: 'avg', property: 'v', within: '1h', gt: 5 },
          { calc: 'changes', property: 's', within: '1h', gt: 5 },
        ],
      }),
    );
    for (let n = 0; n < 100_000; n++) set.send(n / 100, { m: n % 300, v: n, s: `state ${n} ${'y'.repeat(200)}` });
    expect(sizeOf(set)).toBeLessThan(PAYLOAD_BYTES);
    expect(Object.keys(set.state().partitions).length).toBeGreaterThan(100);
  });

  it('long strings, deep objects and odd numbers are kept bounded', () => {
    const set = driver(rule({ calc: 'latest', property: 'v', exists: true }));
    const deep: Record<string, unknown> = {};
    let inner = deep;
    for (let n = 0; n < 500; n++) inner = inner['d'] = {};
    for (const [at, v] of ['z'.repeat(500_000), deep, 1e308, -0, [], null].entries()) set.send(at, { m: 'a', v });
    expect(sizeOf(set)).toBeLessThan(5_000);
  });

  it('a sequence keeps a bounded number of partial matches', () => {
    const is = (s: string) => [{ property: 's', equals: s }];
    const set = driver({
      ...rule({}),
      evaluate: { type: 'sequence', steps: [{ where: is('a') }, { where: is('b'), within: '1h' }] },
    });
    for (let n = 0; n < 1_000; n++) set.send(n, { m: 'x', s: 'a' });
    expect(Object.values(set.state().partitions)[0]?.sequence?.runs).toHaveLength(LIMITS.partialMatches);
    set.send(1_001, { m: 'x', s: 'b' });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['limit', 'firing', 'resolved']);
  });
});

describe('a cap that is reached is reported once an hour, by name, and stays visible in the state', () => {
  const steps = [{ where: [{ property: 'v', gte: 0 }] }, { where: [{ property: 's', equals: 'never' }], within: '1h' }];
  const caps: [ReportedLimit, object][] = [
    ['windowSamples', rule({ calc: 'count', within: '1h', gt: 1_000_000 })],
    ['distinctValues', rule({ calc: 'distinct', property: 'v', within: '1h', gt: 1_000_000 })],
    ['partialMatches', { ...rule({}), evaluate: { type: 'sequence', steps } }],
  ];

  it.each(caps)('%s', (limit, definition) => {
    const set = driver(definition);
    for (let n = 0; n < 1_000; n++) set.send(n, { m: 'pump 7', v: n });
    const [report, ...more] = set.alerts();
    expect(report?.data).toMatchObject({
      status: 'limit',
      reason: 'limit',
      state: 'inactive',
      message: expect.stringMatching(/of pump 7 has more than/) as unknown,
    });
    expect(report?.id).toMatch(new RegExp(`:limit\\.${limit}@\\d+$`));
    expect(more).toEqual([]);
    expect(set.state().limits).toEqual({ [limit]: Date.parse(report?.data.evaluatedAt ?? '') });
  });

  it('stateBytes', () => {
    const set = driver(rule({ calc: 'avg', property: 'v', within: '1h', gt: 1_000_000 }));
    for (let n = 0; n < 100_000; n++) set.send(n / 100, { m: n % 400, v: n });
    const reports = set.alerts().map(({ id, data }) => [id.replace(/.*:limit\.(.*)@.*/, '$1'), data.message]);
    expect(reports).toContainEqual(['stateBytes', expect.stringMatching(/windows are kept more coarsely/) as unknown]);
    expect(Object.keys(set.state().limits)).toContain('stateBytes');
  });
});
