import { describe, expect, it } from 'vitest';
import { analyseRule } from '../../../../src/core/language/analysis/analysis.ts';
import { checkRule, parseRule } from '../../../../src/core/language/parse/parse-rule.ts';

const rule = (evaluate: object, more: object = {}): object => ({
  ...{ id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], evaluate },
  ...more,
});
const having = (comparison: object, calc: object = { calc: 'latest', property: 'v' }): object =>
  rule({ type: 'any', having: { ...calc, ...comparison } });
const where = (comparison: object): object =>
  rule({ type: 'any', having: { calc: 'count', within: '1m', gte: 1 } }, { where: [{ property: 'v', ...comparison }] });
const buy = { where: [{ property: 'kind', equals: 'buy' }], as: 'buy' };
const steps = (...list: object[]): object => rule({ type: 'sequence', steps: list });
const price = (operand: object): object => ({ where: [{ property: 'price', gt: operand }] });

const NO_OPERAND = /^must be a value, \{latest: …\} or \{calc: …\}$/;

describe('an operand that has no meaning where it stands', () => {
  it.each<[what: string, definition: object, path: string, message: RegExp]>([
    ['of an event in having', having({ gt: { property: 'max' } }), 'evaluate.having.gt', NO_OPERAND],
    ['without anything', having({ equals: {} }), 'evaluate.having.equals', NO_OPERAND],
    ['only with a default', having({ lte: { default: 3 } }), 'evaluate.having.lte', NO_OPERAND],
    ['of the partition in where', where({ gt: { latest: 'max' } }), 'where[0].gt.latest', /^is not allowed here/],
    [
      'with an unknown word',
      having({ gt: { latest: 'x', time: 2 } }),
      'evaluate.having.gt.time',
      /did you mean "times"/,
    ],
    [
      'with a comparison',
      having({ gt: { calc: 'sum', property: 'v', within: '1m', gt: 1 } }),
      'evaluate.having.gt.gt',
      /is not allowed here/,
    ],
    ['without within', having({ gt: { calc: 'sum', property: 'v' } }), 'evaluate.having.gt.within', /is missing/],
    ['in between', having({ between: [1, { calc: 'age' }] }), 'evaluate.having.between[1].calc', /is a duration/],
    [
      'that is a duration',
      having({ gt: { calc: 'unchanged', property: 'v' } }),
      'evaluate.having.gt.calc',
      /is a duration/,
    ],
    ['for a duration', having({ gt: { latest: 'x' } }, { calc: 'age' }), 'evaluate.having.gt', /must be a duration/],
    [
      'that is no value, inside all',
      rule({ type: 'any', having: { all: [{ calc: 'latest', property: 'v', gt: true }] } }),
      'evaluate.having.all[0].gt',
      /must be a number or a string/,
    ],
    [
      'that is no value, in the last of three parts that are wrong',
      rule({ type: 'any', having: { any: [1, 2, true].map((gt) => ({ calc: 'latest', property: 'v', gt: { gt } })) } }),
      'evaluate.having.any[2].gt',
      /must be/,
    ],
    ['in a list', having({ in: [{ latest: 'x' }] }), 'evaluate.having.in[0]', /must be a string, a number/],
    ['of glob', having({ glob: { latest: 'x' } }), 'evaluate.having.glob', /must be a string/],
    [
      'of count',
      rule({ type: 'count', having: { calc: 'latest', property: 'v', gt: 1 }, gt: { latest: 'x' } }),
      'evaluate.gt',
      /must be a number or a string/,
    ],
    [
      'with a default that cannot be multiplied',
      having({ gt: { latest: 'x', default: 'a', times: 2 } }),
      'evaluate.having.gt.default',
      /must be a number/,
    ],
    [
      'deep inside',
      rule({ type: 'any', having: { all: [{ not: { calc: 'latest', property: 'v', gt: { latest: '__proto__' } } }] } }),
      'evaluate.having.all[0].not.gt.latest',
      /prototype/,
    ],
    ['of a step in where', where({ gt: { step: 'buy', property: 'price' } }), 'where[0].gt.step', /only in a step/],
    [
      'of a step, without property',
      steps(buy, price({ step: 'buy' })),
      'evaluate.steps[1].where[0].gt.property',
      /is missing/,
    ],
    [
      'of a later step',
      steps(price({ step: 'buy', property: 'price' }), buy),
      'evaluate.steps[0].where[0].gt.step',
      /no earlier step has the name buy: give one a name/,
    ],
    [
      'of its own step',
      steps({ ...buy, ...price({ step: 'buy', property: 'price' }) }),
      'evaluate.steps[0].where[0].gt.step',
      /no earlier step/,
    ],
    [
      'of an unknown step',
      steps(buy, price({ step: 'sell', property: 'price' })),
      'evaluate.steps[1].where[0].gt.step',
      /the earlier ones are buy$/,
    ],
    [
      'of one of two steps',
      steps(buy, buy, price({ step: 'buy', property: 'price' })),
      'evaluate.steps[2].where[0].gt.step',
      /several earlier steps/,
    ],
    [
      'inside a not',
      steps(buy, { not: price({ step: 'x', property: 'price' }), within: '1m' }),
      'evaluate.steps[1].not.where[0].gt.step',
      /no earlier step/,
    ],
  ])('%s', (_what, definition, path, message) => {
    const { issues } = checkRule(definition);
    expect(issues).toContainEqual({ path, message: expect.stringMatching(message) as string });
  });

  it('counts among the conditions of a rule', () => {
    const all = Array.from({ length: 33 }, (_each, index) => ({
      calc: 'latest',
      property: `p${index}`,
      gt: { latest: 'x' },
    }));
    expect(checkRule(rule({ type: 'any', having: { all } })).issues[0]?.message).toMatch(/has 67 conditions in total/);
  });
});

describe('a comparison with an operand', () => {
  it.each([
    ['may hold', having({ gt: { latest: 'max' }, lt: 5 })],
    [
      'need not hold',
      rule({
        type: 'any',
        having: {
          any: [
            { calc: 'count', within: '1m', gte: { latest: 'x' } },
            { calc: 'count', within: '1m', gt: 0 },
          ],
        },
      }),
    ],
  ])('%s: no warning', (_what, definition) => expect(analyseRule(parseRule(definition))).toEqual([]));

  it('can never hold if its constants exclude each other', () => {
    const [issue] = analyseRule(parseRule(having({ gt: 5, lt: 4, notEquals: { latest: 'x' } })));
    expect(issue?.message).toMatch(/can never hold/);
  });
});

describe('settings', () => {
  it.each([
    [
      'that bring nothing',
      rule(
        { type: 'any', having: { calc: 'latest', property: 'v', gt: 1 } },
        { settings: [{ property: 'k', equals: 's' }] },
      ),
      /no comparison reads/,
    ],
    ['that can never match', having({ gt: { latest: 'x' } }), /./],
  ])('%s', (what, definition, message) => {
    const more = what === 'that can never match' ? { settings: [{ property: 'k', gt: 5, lt: 4 }] } : {};
    expect(analyseRule(parseRule({ ...definition, ...more }))).toEqual([
      { path: expect.stringMatching(/^settings/) as string, message: expect.stringMatching(message) as string },
    ]);
  });
});
