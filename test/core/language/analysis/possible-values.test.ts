import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { compilePredicate } from '../../../../src/core/compilation/conditions/predicate.ts';
import { withLeaves, type LeafNode, type Node } from '../../../../src/core/language/node.ts';
import { alwaysHolds, possible } from '../../../../src/core/language/analysis/possible-values.ts';
import { CASED } from '../../../../src/core/model/rule/comparison-words.ts';
import type { Predicate } from '../../../../src/core/model/rule/condition-schema.ts';

const text = fc.constantFrom('', 'a', 'ab', 'b', 'B', 'aB');
const part = fc.constantFrom('a', 'b', 'B', 'ab', 'Ab', 'ba', '\uffff');
const number = fc.constantFrom(-1, 0, 0.5, 1, 2, 1e300);
const scalar: fc.Arbitrary<string | number | boolean | null> = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const ordered = fc.oneof({ weight: 3, arbitrary: number }, { weight: 1, arbitrary: text });

const scalars = fc.array(scalar, { minLength: 1, maxLength: 3 });
const word = fc.oneof(
  fc.tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte'), ordered),
  fc.tuple(fc.constantFrom('equals', 'notEquals'), scalar),
  fc.tuple(fc.constantFrom('in', 'notIn'), scalars),
  fc.tuple(fc.constant('between'), fc.tuple(ordered, ordered)),
  fc.tuple(fc.constant('glob'), fc.constantFrom('a', 'a*', '?', '*', 'A?')),
  fc.tuple(fc.constantFrom('contains', 'startsWith', 'endsWith'), part),
  fc.tuple(fc.constant('exists'), fc.boolean()),
  fc.constant(['equals', '*'] as const),
);
const cased = word.filter(([name]) => CASED.includes(name)).map((given) => [given, ['ignoreCase', true]] as const);
const leaf = fc
  .oneof(
    { weight: 3, arbitrary: fc.uniqueArray(word, { minLength: 1, maxLength: 3, selector: ([name]) => name }) },
    { weight: 1, arbitrary: cased },
  )
  .map((words): LeafNode => ({ property: 'x', ...(Object.fromEntries(words) as Partial<LeafNode>) }));
const asNumbers = (nodes: Node[]): Node[] => nodes.map((each) => withLeaves(each, (of) => ({ ...of, as: 'number' })));

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    leaf,
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('node').map((not) => ({ not })),
  ),
}));

const nodesOfOneSubject = fc
  .tuple(fc.array(node, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([nodes, parses]) => (parses ? asNumbers(nodes) : nodes));

const values = fc.oneof(
  scalar,
  fc.double({ noNaN: true }),
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '\0', '\uffff'), maxLength: 4 }),
  fc.constantFrom('', 'a', 'ab', 'ba').map((start) => start + 'ab'.repeat(600)),
  fc.constantFrom('1', ' 0.5 ', '1e300', '2x'),
  fc.constant(undefined),
  fc.constant({ json: '{}' }),
);

const holds = (nodes: Node[], quantify: 'every' | 'some', x: unknown): boolean =>
  nodes[quantify]((each) => compilePredicate(each as Predicate)(x === undefined ? {} : { x }));

/** Generous time limit for many runs on a slow machine. */
const LONG_MS = 60_000;

describe('whether conditions can hold', { timeout: LONG_MS }, () => {
  it('is never denied if some value satisfies them', () => {
    fc.assert(
      fc.property(nodesOfOneSubject, values, (nodes, x) => {
        if (holds(nodes, 'every', x)) expect(possible(nodes)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is never certain if some value does not satisfy them', () => {
    fc.assert(
      fc.property(nodesOfOneSubject, values, (nodes, x) => {
        const always = alwaysHolds(nodes);
        if (always === 'always holds' || (always === 'holds for every number' && typeof x === 'number'))
          expect(holds(nodes, 'some', x)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  const MANY = Array.from({ length: 1_001 }, (_, index) => index);
  const latest = (comparison: LeafNode): LeafNode => ({ calc: 'latest', property: 'x', ...comparison });

  it.each<[string, Node[]]>([
    ['an empty range', [latest({ gt: 10, lt: 5 })]],
    ['a range that excludes its only value', [latest({ between: [5, 5], notEquals: 5 })]],
    ['reversed bounds', [latest({ between: [5, 1] })]],
    ['bounds of two types', [latest({ gt: 1, lt: 'z' })]],
    ['null and not null', [latest({ notEquals: null })]],
    ['neither true nor false', [latest({ notIn: [true, false] })]],
    ['a string that cannot exist in the order', [latest({ gt: 'a', lt: 'a\0' })]],
    ['a value that does not match a pattern', [latest({ equals: 'b', glob: 'a*' })]],
    ['a value without the text that it must contain', [latest({ in: ['idle', 'off'] }), latest({ contains: 'n' })]],
    ['a number as a text', [latest({ as: 'number', equals: '5' })]],
    ['null as a number', [{ property: 'x', as: 'number', equals: null }]],
    ['two beginnings', [latest({ startsWith: 'pump-' }), latest({ startsWith: 'press-' })]],
    ['a beginning outside a range', [latest({ startsWith: 'b', lt: 'a' })]],
    ['a beginning of the largest code units', [latest({ startsWith: 'a\uffff', gte: 'b' })]],
    ['two ends', [latest({ endsWith: '.log' }), latest({ endsWith: '.txt' })]],
    ['two ends without case', [latest({ endsWith: '.log', ignoreCase: true }), latest({ endsWith: '.txt' })]],
    ['a number that contains a text', [latest({ contains: '1', gt: 1 })]],
    [
      'two values without case',
      [latest({ equals: 'on', ignoreCase: true }), latest({ in: ['OFF', 'Idle'], ignoreCase: true })],
    ],
    [
      'a value with another beginning, without case',
      [latest({ equals: 'Error', ignoreCase: true }), latest({ startsWith: 'warn', ignoreCase: true })],
    ],
    ['a number that matches a pattern', [latest({ glob: '1*', gt: 1 })]],
    [
      'two values at once',
      [
        { property: 'type', equals: 'a' },
        { property: 'type', equals: 'b' },
      ],
    ],
    [
      'two values at once, deeply nested',
      [{ any: [latest({ equals: 1 }), latest({ equals: 2 })] }, { not: latest({ lt: 3 }) }],
    ],
    ['fewer than zero events', [{ calc: 'count', within: '5m', lt: 0 }]],
    ['half an event', [{ calc: 'count', within: '5m', gt: 1, lt: 2 }]],
    ['a duration below zero', [{ calc: 'age', lt: '0s' }]],
    ['both longer and shorter', [{ calc: 'unchanged', property: 'x', gt: '10m', lt: '60s' }]],
  ])('is denied for %s', (_what, nodes) => expect(possible(nodes)).toBe(false));

  it.each<[string, Node[]]>([
    [
      'a condition that held for a while and then stopped',
      [latest({ gt: 5, for: '5m' }), { not: latest({ gt: 5, for: '10m' }) }],
    ],
    ['a duration between others', [{ calc: 'age', gt: '90s', lt: '2m' }]],
    ['flapping with its default thresholds', [{ calc: 'flapping', property: 'x' }]],
    ['a number between two close ones', [latest({ gt: 5.1, lt: 5.2 })]],
    [
      'a number between two close ones, with another condition between them',
      [latest({ gt: 5.1 }), latest({ notEquals: 9 }), latest({ lt: 5.2 })],
    ],
    ['a beginning of a beginning', [latest({ startsWith: 'pump-' }), latest({ startsWith: 'pump-0' })]],
    ['a text that two others contain', [latest({ contains: 'a' }), latest({ contains: 'b' })]],
    ['an end of an end', [latest({ endsWith: '.gz' }), latest({ endsWith: '.tar.gz' })]],
    [
      'another spelling of a value',
      [latest({ equals: 'error', ignoreCase: true }), latest({ notIn: ['error', 'ERROR'] })],
    ],
    [
      'a text that is too long to start with anything',
      [{ property: 'x', gte: 'a', lt: 'b' }, { not: { property: 'x', startsWith: 'a' } }],
    ],
    ['a string that looks like a duration', [latest({ equals: '5m' }), latest({ glob: '5*' })]],
    ['more operands than the analysis considers', [latest({ in: MANY, lt: 0 })]],
  ])('is not denied for %s', (_what, nodes) => expect(possible(nodes)).toBe(true));

  it.each<[string, Node[], string | undefined]>([
    ['ranges that meet', [latest({ lt: 10 }), latest({ gte: 5 })], 'holds for every number'],
    ['ranges that exclude one number', [latest({ lt: 10 }), latest({ gt: 10 })], undefined],
    ['present or missing', [latest({ exists: true }), latest({ exists: false })], 'always holds'],
    [
      'a pattern that the samples happen to match',
      [latest({ lt: 'b' }), latest({ glob: 'b*' }), latest({ exists: false })],
      undefined,
    ],
    [
      'a beginning, and a longer one',
      [latest({ startsWith: 'a' }), { not: latest({ startsWith: 'ab' }) }],
      'always holds',
    ],
    ['a text, and not the same text', [latest({ contains: 'a' }), latest({ notEquals: 'b' })], undefined],
    [
      'ranges of numbers, or none',
      [latest({ as: 'number', lt: 10 }), latest({ as: 'number', gte: 5 }), latest({ as: 'number', exists: false })],
      'always holds',
    ],
    ['any present value', [latest({ equals: '*' })], undefined],
    ['at least zero events', [{ calc: 'count', within: '5m', gte: 0 }], 'always holds'],
    ['more operands than the analysis considers', [latest({ in: MANY }), latest({ notIn: MANY })], undefined],
    ['comparisons with for', [latest({ lt: 10, for: '1m' }), latest({ gte: 5, for: '1m' })], undefined],
  ])('is known for %s', (_what, nodes, expected) => expect(alwaysHolds(nodes)).toBe(expected));
});
