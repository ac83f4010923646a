import { describe, expect, it } from 'vitest';
import { analyseRule } from '../../../../src/core/language/analysis/analysis.ts';
import { checkRule, parseRule } from '../../../../src/core/language/parse/parse-rule.ts';

const rule = (more: object): object => ({
  ...{ id: 'r', clientId: 'c', where: [{ property: 'type', equals: '*' }] },
  ...{ evaluate: { type: 'any', having: { calc: 'latest', property: 'v', equals: 1 } } },
  ...more,
});
const having = (leaf: object): object => rule({ evaluate: { type: 'any', having: leaf } });
const tags = (is: object): object => ({ property: 'tags[*].name', ...is });

const ONE =
  /tags\[\*\]\.name stands for every element of a list, which only where and latest compare: name one, such as tags\[0\]\.name/;

describe('[*] where one value is needed', () => {
  it.each<[definition: object, path: string, message: RegExp]>([
    [rule({ partitionBy: ['tags[*].name'] }), 'partitionBy[0]', ONE],
    [rule({ groupBy: ['tags[*].name'] }), 'groupBy[0]', ONE],
    [
      rule({ partitionBy: ['m'], expect: [{ 'tags[*].name': 'a', m: 'a' }] }),
      'expect[0].tags[*].name',
      /is in neither/,
    ],
    [having({ calc: 'sum', ...tags({ within: '1m', gt: 1 }) }), 'evaluate.having.property', ONE],
    [having({ calc: 'percentile', p: 5, ...tags({ within: '1m', gt: 1 }) }), 'evaluate.having.property', ONE],
    [having({ calc: 'changes', ...tags({ last: 3, gt: 1 }) }), 'evaluate.having.property', ONE],
    [having({ calc: 'distinct', ...tags({ within: '1m', gt: 1 }) }), 'evaluate.having.property', ONE],
    [having({ calc: 'flapping', ...tags({}) }), 'evaluate.having.property', ONE],
    [
      having({ calc: 'unchanged', ...tags({ gt: '1m' }) }),
      'evaluate.having.property',
      /^unchanged needs one value, but tags\[\*\]\.name stands for every element of a list: name one, such as tags\[0\]\.name$/,
    ],
    [
      rule({ evaluate: { type: 'sum', of: { calc: 'latest', property: 'tags[*].name' }, gt: 1 } }),
      'evaluate.of.property',
      /^the value of the set needs one value of a partition, but tags/,
    ],
    [having({ calc: 'latest', property: 'v', gt: { latest: 'tags[*].name' } }), 'evaluate.having.gt.latest', ONE],
    [
      having({ calc: 'latest', property: 'v', gt: { calc: 'latest', property: 'tags[*].name' } }),
      'evaluate.having.gt.property',
      /^a right side is one value, but tags/,
    ],
    [
      having({ calc: 'latest', property: 'v', between: [1, { calc: 'latest', property: 'tags[*].name' }] }),
      'evaluate.having.between[1].property',
      /^a right side is one value, but tags/,
    ],
    [rule({ where: [{ property: 'v', equals: { property: 'tags[*].name' } }] }), 'where[0].equals.property', ONE],
    [
      rule({
        evaluate: {
          type: 'sequence',
          steps: [
            { as: 'one', where: [{ property: 'v', exists: true }] },
            { where: [{ property: 'v', equals: { step: 'one', property: 'tags[*].name' } }] },
          ],
        },
      }),
      'evaluate.steps[1].where[0].equals.property',
      ONE,
    ],
    [rule({ where: [{ property: '[*].name', equals: 1 }] }), 'where[0].property', /an event is no list/],
  ])('%j', (definition, path, message) => {
    expect(checkRule(definition).issues).toEqual([{ path, message: expect.stringMatching(message) as string }]);
  });
});

describe('[*] where any element may satisfy', () => {
  it.each<[definition: object]>([
    [rule({ where: [tags({ equals: 'a' }), tags({ equals: 'b' })] })],
    [rule({ where: [{ any: [tags({ gt: 5 }), tags({ lte: 5 })] }] })],
    [rule({ where: [tags({ equals: 'a' }), { not: tags({ in: ['a', 'b'] }) }] })],
    [rule({ settings: [tags({ equals: 'a' })] })],
    [rule({ forgetOn: [tags({ equals: 'a' })] })],
    [having({ calc: 'latest', ...tags({ notEquals: 'a' }) })],
    [having({ calc: 'latest', ...tags({ equals: { latest: 'v' } }) })],
    [having({ calc: 'count', within: '1m', gte: 1, where: [tags({ equals: 'a' })] })],
    [
      rule({
        ...having({ calc: 'latest', ...tags({ equals: 'a' }) }),
        clear: { calc: 'latest', ...tags({ equals: 'b' }) },
      }),
    ],
    [rule({ message: '{{event.tags[*].name}}' })],
  ])('%j is accepted', (definition) => expect(checkRule(definition).issues).toEqual([]));

  it('warns of no contradiction between comparisons that different elements may satisfy', () => {
    const definition = rule({
      where: [tags({ equals: 'a' }), tags({ equals: 'b' }), { any: [tags({ gt: 5 }), tags({ lte: 5 })] }],
    });
    expect(analyseRule(parseRule(definition))).toEqual([]);
  });

  it('warns if no element can satisfy', () => {
    const definition = rule({ where: [tags({ gt: 5, lt: 3 })] });
    expect(analyseRule(parseRule(definition))).toEqual([
      { path: 'where[0]', message: 'can never hold: no value satisfies gt 5 and lt 3' },
    ]);
  });
});
