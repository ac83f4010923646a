import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../../src/core/primitives/limits.ts';
import { alertsOf, driver } from '../../../../support/evaluation/driver.ts';

const RULE = { id: 'rule', clientId: 'client-01', partitionBy: ['m'], where: [{ property: 'type', equals: '*' }] };
const bad = [{ property: 's', equals: 'bad' }];
const count = (more: object): object => ({ calc: 'count', where: bad, last: 3, gte: 3, ...more });
const of = (calc: string, more: object): object => ({ calc, property: 't', ...more });

describe('last', () => {
  it('is for each partition', () => {
    const set = driver({
      ...RULE,
      evaluate: { type: 'each', having: count({ last: 2, gte: 2 }) },
    });
    ['m1', 'm2', 'm2', 'm1'].forEach((m, at) => set.send(at, { m, s: 'bad' }));
    expect(alertsOf(set).map(({ at, partition }) => [at, partition])).toEqual([
      [2, { m: 'm2' }],
      [3, { m: 'm1' }],
    ]);
  });

  it('keeps as many samples as it says, however many come', () => {
    const set = driver({
      ...RULE,
      evaluate: { type: 'any', having: of('avg', { last: 256, gt: 1_000 }) },
    });
    for (let at = 0; at < 3_000; at++) set.send(at, { m: 'm1', t: at % 7 });
    const [partition] = Object.values(set.state().partitions);
    const store = partition?.stores[0] as { samples: unknown[]; slices: unknown[] };
    expect(store.slices).toEqual([]);
    expect(store.samples.length).toBeLessThanOrEqual(256 + 32);
    expect(alertsOf(set)).toEqual([]);
  });

  it('keeps so many samples, and what has left in the same batch, however many events come', () => {
    const set = driver({
      ...RULE,
      evaluate: { type: 'any', having: { calc: 'sum', property: 't', last: LIMITS.last, gte: 1e9 } },
    });
    for (let at = 0; at < 2_000; at++) set.send(at, { m: 'm1', t: at });
    const [window] = Object.values(set.state().partitions)[0]?.stores as { samples: unknown[]; slices: unknown[] }[];
    expect(window?.slices).toEqual([]);
    expect(window?.samples.length).toBeLessThanOrEqual(LIMITS.last + 32);
    expect(set.alerts().map(({ data }) => data.status)).toEqual([]);
  });

  it('bounds what is ahead of the clock, and reports it', () => {
    const set = driver({
      ...RULE,
      evaluate: { type: 'any', having: { calc: 'sum', property: 't', last: 2, gte: 999 } },
    });
    for (let each = 0; each < 400; each++) set.send(0, { m: 'm1', t: each, time: 1 + each / 4 });
    const [window] = Object.values(set.state().partitions)[0]?.stores as { samples: unknown[] }[];
    expect(window?.samples.length).toBe(LIMITS.windowSamples);
    set.advance(200);
    expect(alertsOf(set).map(({ at, status }) => [at, status])).toEqual([[0, 'limit']]);
  });
});
