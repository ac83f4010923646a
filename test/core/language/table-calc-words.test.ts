import { describe, expect, it } from 'vitest';
import { analyseRule } from '../../../src/core/language/analysis/analysis.ts';
import { checkRule, parseRule } from '../../../src/core/language/parse/parse-rule.ts';

const rule = (having: object): object => ({
  ...{ id: 'rule', clientId: 'client-01', partitionBy: ['m'], where: [{ property: 'type', equals: '*' }] },
  evaluate: { type: 'any', having },
});
const bad = [{ property: 's', equals: 'bad' }];
const count = (more: object): object => ({ calc: 'count', within: '10m', ...more });
const distinct = (more: object): object => ({ calc: 'distinct', property: 's', within: '10m', ...more });
const timeIn = (more: object): object => ({ calc: 'timeIn', within: '10m', where: bad, ...more });
const of = (calc: string, more: object): object => ({ calc, property: 't', within: '10m', gt: 1, ...more });

/** What a warning says; undefined: there is none. */
const WARNED: [having: object, says: RegExp | undefined][] = [
  [count({ lt: 5 }), /whenFull/],
  [count({ lte: 5 }), /whenFull/],
  [{ calc: 'rate', within: '10m', lt: 0.1 }, /whenFull/],
  [{ calc: 'rate', within: '10m', lte: 0.1 }, /whenFull/],
  [{ all: [count({ gte: 1, where: bad }), count({ lt: 5 })] }, /whenFull/],
  [count({ lt: 5, whenFull: true }), undefined],
  [count({ lt: 5, whenFull: false }), /whenFull/],
  [count({ gte: 5 }), undefined],
  [count({ gte: 0 }), /always holds/],
  [count({ gte: 0, minSamples: 3 }), /holds for every number/],
  [count({ lt: 0, whenFull: true }), /never hold/],
  [{ calc: 'count', last: 3, gt: 3 }, /never hold/],
  [{ calc: 'count', last: 3, gte: 3 }, undefined],
  [{ calc: 'changes', property: 's', last: 3, gt: 3 }, /never hold/],
  [{ calc: 'distinct', property: 's', last: 3, gt: 3 }, /never hold/],
  [{ calc: 'avg', property: 't', last: 3, minSamples: 4, gt: 1 }, /minSamples|never/],
  [distinct({ gt: 256 }), /256/],
  [distinct({ gte: 257 }), /256/],
  [distinct({ equals: 300 }), /256/],
  [distinct({ gte: 256 }), undefined],
  [distinct({ minSamples: 3, gte: 2 }), undefined],
  [timeIn({ gt: '10m' }), /never hold/],
  [timeIn({ gte: '11m' }), /never hold/],
  [timeIn({ gte: '10m' }), undefined],
  [of('avg', { hold: true }), undefined],
];

/** The path of the error, and what it says. */
const REFUSED: [having: object, path: string, says: RegExp][] = [
  [{ calc: 'avg', property: 't', last: 3, hold: true, gt: 1 }, 'evaluate.having.last', /hold/],
  [{ calc: 'count', last: 0, gte: 1 }, 'evaluate.having.last', /at least 1/],
  [{ calc: 'count', last: 257, gte: 1 }, 'evaluate.having.last', /at most 256/],
  [{ calc: 'count', last: 2.5, gte: 1 }, 'evaluate.having.last', /whole number/],
  [{ calc: 'count', gte: 1 }, 'evaluate.having.within', /last/],
  [{ calc: 'latest', property: 's', last: 3, equals: 'a' }, 'evaluate.having.last', /not allowed|does not apply/],
  [{ calc: 'rate', last: 3, gte: 1 }, 'evaluate.having.last', /rate/],
  [timeIn({ gt: 5 }), 'evaluate.having.gt', /duration/],
  [timeIn({ contains: 'x' }), 'evaluate.having.contains', /duration/],
  [{ calc: 'timeIn', within: '10m', gt: '5m' }, 'evaluate.having.where', /missing/],
  [{ calc: 'timeIn', where: bad, gt: '5m' }, 'evaluate.having.within', /missing/],
  [of('sum', { hold: true }), 'evaluate.having.hold', /not allowed|avg/],
  [of('percentile', { p: 95, hold: true }), 'evaluate.having.hold', /not allowed|avg/],
  [of('avg', { hold: 'yes' }), 'evaluate.having.hold', /true or false/],
  [count({ gte: 1, whenFull: 'yes' }), 'evaluate.having.whenFull', /true or false/],
];

describe('rules check warns', () => {
  it.each(WARNED)('%j: %s', (having, says) => {
    const texts = analyseRule(parseRule(rule(having))).map(({ message }) => message);
    if (says === undefined) expect(texts).toEqual([]);
    else expect(texts).toEqual([expect.stringMatching(says)]);
  });
});

/** Values across partitions. */
const REFUSED_OF: [of: object, path: string, says: RegExp][] = [
  [{ calc: 'avg', property: 't', within: '10m', hold: true }, 'evaluate.of.hold', /moves? with the clock/],
  [{ calc: 'timeIn', within: '10m', where: bad }, 'evaluate.of.calc', /moves? with the clock/],
  [{ calc: 'count' }, 'evaluate.of.within', /last/],
];

describe('a rule with a value across partitions', () => {
  it.each(REFUSED_OF)('is refused: %j at %s: %s', (of, path, says) => {
    const given = { ...rule({}), evaluate: { type: 'sum', of, gt: 1 } };
    expect(checkRule(given).issues).toContainEqual({ path, message: expect.stringMatching(says) as string });
  });

  it('may be of a value that holds and does not move with the clock', () => {
    const of = { calc: 'max', property: 't', within: '10m', hold: true };
    expect(checkRule({ ...rule({}), evaluate: { type: 'sum', of, gt: 1 } }).issues).toEqual([]);
  });
});

describe('a rule is refused', () => {
  it.each(REFUSED)('%j at %s: %s', (having, path, says) => {
    expect(checkRule(rule(having)).issues).toContainEqual({ path, message: expect.stringMatching(says) as string });
  });
});
