import { describe, expect, it } from 'vitest';
import { driver } from '../../support/evaluation/driver.ts';

const OFF = { calc: 'latest', property: 's', equals: 'off' };

/** A rule whose first calculation is compared with something that never holds: it fires when `s` is off. */
const ruleOf = (first: object, type: 'each' | 'any'): object => ({
  id: 'hot',
  clientId: 'client-01',
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['m'],
  evaluate: { type, having: { any: [first, OFF] } },
  message: '{{partition.m}}:{{value}}',
});

const sent = [
  { at: 0, t: 10 },
  { at: 4, t: 20 },
  { at: 8, t: 30 },
];

describe('evidence and {{value}} of a calculation that a word makes unknown', () => {
  it.each([
    ['avg, whenFull, half a window', { calc: 'avg', property: 't', within: '20s', whenFull: true, gt: 1e6 }, null],
    ['avg, whenFull, a full window', { calc: 'avg', property: 't', within: '8s', whenFull: true, gt: 1e6 }, 25],
    ['count, whenFull, half a window', { calc: 'count', within: '20s', whenFull: true, gt: 1e6 }, null],
    ['max of the last 4 of 3', { calc: 'max', property: 't', last: 4, whenFull: true, gt: 1e6 }, null],
    ['max of the last 3', { calc: 'max', property: 't', last: 3, whenFull: true, gt: 1e6 }, 30],
    ['sum, too few samples', { calc: 'sum', property: 't', within: '20s', minSamples: 4, gt: 1e6 }, null],
    ['sum, just enough', { calc: 'sum', property: 't', within: '20s', minSamples: 3, gt: 1e6 }, 60],
    ['distinct, too few', { calc: 'distinct', property: 't', within: '20s', minSamples: 4, gt: 1e6 }, null],
    ['distinct, just enough', { calc: 'distinct', property: 't', within: '20s', minSamples: 3, gt: 1e6 }, 3],
    ['without the words', { calc: 'avg', property: 't', within: '20s', gt: 1e6 }, 20],
  ])('%s', (_what, first, value) => {
    for (const type of ['each', 'any'] as const) {
      const set = driver(ruleOf(first, type));
      for (const { at, t } of sent) set.send(at, { m: 'm1', t, s: at === 8 ? 'off' : 'on' });
      const [alert] = set.alerts();
      expect(alert?.data).toMatchObject({ status: 'firing', evidence: { items: [{ value }] } });
      const name = type === 'each' ? 'm1' : '';
      expect(alert?.data.message).toBe(`${name}:${value ?? ''}`);
    }
  });
});
