import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { newPartition } from '../../../src/core/partition-set/partition-set.ts';
import { keyBytes, PartitionEntry, partitionKey } from '../../../src/core/partition-set/partition-index.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { shedLoad } from '../../../src/core/partition-set/shed-load.ts';
import { weightOf } from '../../../src/core/partition-set/weight.ts';
import type { PartitionState } from '../../../src/core/model/partition-set/partition-set-state.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { driver } from '../../support/evaluation/driver.ts';

const definition = (having: object) => ({
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having },
});
const latest = definition({ calc: 'latest', property: 'v', equals: 'x' });
const average = definition({ calc: 'avg', property: 'v', within: '1h', gt: 5 });

/** The partition of `a` after these values. */
const partitionWith = (rule: object, values: readonly unknown[]) => {
  const set = driver(rule);
  for (const [second, v] of values.entries()) set.send(second, { m: 'a', v });
  const [partition] = Object.values(set.state().partitions);
  if (partition === undefined) throw new Error('a partition is expected');
  return partition;
};

describe('the weight of a partition', () => {
  it.each<[string, unknown]>([
    ['a number', -1.2345678901234567e-100],
    ['a long string', 'x'.repeat(LIMITS.textLength)],
    ['a string of characters that JSON escapes', '\u0001'.repeat(LIMITS.textLength)],
    ['a string that is cut', 'x'.repeat(2 * LIMITS.textLength)],
    ['an object', { deep: { list: ['"'.repeat(LIMITS.textLength)] } }],
  ])('is never less than its JSON with %s', (_what, value) => {
    const partition = partitionWith(latest, [value]);
    expect(
      weightOf(compileRule(parseRule(latest)), { keyBytes: keyBytes(partitionKey(['a'])), partition }),
    ).toBeGreaterThanOrEqual(JSON.stringify(partition).length);
  });
});

describe('the weight of the elements of a list', () => {
  const elements = definition({ calc: 'latest', property: 'v[*]', exists: true });

  it.each<[string, unknown[]]>([
    ['no elements', []],
    ['numbers', Array.from({ length: 200 }, (_, n) => -1.2345678901234567e-100 * (n + 1))],
    ['short texts', Array.from({ length: 200 }, (_, n) => `t${n}`)],
    ['texts that JSON escapes', Array.from({ length: 9 }, (_, n) => `${n}`.padEnd(100, '\u0001'))],
    ['numbers of many digits', Array.from({ length: 200 }, (_, n) => 10n ** 100n + BigInt(n))],
    ['everything else', [null, true, { a: 'x'.repeat(100) }, 'x'.repeat(2_000)]],
  ])('is never less than its JSON with %s', (_what, list) => {
    const partition = partitionWith(elements, [list]);
    expect(
      weightOf(compileRule(parseRule(elements)), { keyBytes: keyBytes(partitionKey(['a'])), partition }),
    ).toBeGreaterThanOrEqual(JSON.stringify(partition).length);
  });

  it('grows no more in a set that is full', () => {
    const rule = compileRule(parseRule(elements));
    const [before, after] = [['a'], Array.from({ length: 30 }, (_, n) => `text ${n}`)];
    const partition = partitionWith(elements, [before]);
    const entry = new PartitionEntry(partitionKey(['a']), partition, false);
    entry.weight = weightOf(rule, entry);
    partition.stores = partitionWith(elements, [after]).stores;
    expect(shedLoad(rule, entry, 0)).toBe(true);
    expect(partition.stores[0]).toEqual([
      expect.anything(),
      expect.anything(),
      { each: ['text 0', 'text 1', 'text 2', 'text 3'] },
    ]);
  });
});

describe('the weight of a sequence', () => {
  const is = (v: string) => ({ where: [{ property: 'v', equals: v }] });
  const sequence = {
    ...definition({}),
    evaluate: {
      type: 'sequence',
      within: '1h',
      steps: [is('a'), ...Array.from({ length: 15 }, () => ({ ...is('b'), times: 16, unless: is('x') }))],
    },
  };
  const weigh = (partition: PartitionState) =>
    weightOf(compileRule(parseRule(sequence)), { keyBytes: keyBytes(partitionKey(['a'])), partition });

  it('is never less than its JSON', () => {
    const partition = partitionWith(sequence, [...Array<string>(5).fill('x'), ...Array<string>(16).fill('a'), 'b']);
    expect(partition.sequence).toMatchObject({ unwanted: { length: 16 }, runs: { length: 16 } });
    const someTime: unknown = expect.any(Number);
    expect(partition.sequence?.runs[0]).toEqual({ step: 1, at: someTime, count: 1, from: someTime });
    expect(weigh(partition)).toBeGreaterThanOrEqual(JSON.stringify(partition).length);
  });

  it('shrinks by what it remembers of events that end a match, if nothing else is left', () => {
    const partition = partitionWith(sequence, ['x']);
    const entry = new PartitionEntry(partitionKey(partition.key), partition, false);
    entry.weight = weigh(partitionWith(sequence, ['y']));
    expect(shedLoad(compileRule(parseRule(sequence)), entry, 0)).toBe(true);
    expect(partition.sequence).toEqual({ runs: [], held: false });
  });
});

describe('making a partition lighter', () => {
  const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
  const memberOf = (partition: PartitionState): PartitionEntry =>
    new PartitionEntry(partitionKey(partition.key), partition, false);
  const values = Array.from({ length: 50 }, (_, index) => index);

  it.each<[string, object, unknown[], boolean]>([
    ['makes a full window coarser', average, values, true],
    ['is not possible without a window', latest, values, false],
    ['is not possible if a window is already coarse', average, values.slice(0, 3), false],
  ])('%s', (_what, rule, sent, lighter) =>
    expect(shedLoad(compileRule(parseRule(rule)), memberOf(partitionWith(rule, sent)), NOW_MS)).toBe(lighter),
  );

  it.each<[string, object, unknown[], (store: unknown) => void]>([
    [
      'a long string is cut',
      latest,
      ['x'.repeat(60), '温'.repeat(100)],
      (store) => expect(store).toEqual([expect.any(Number), 2, { json: '温'.repeat(12) }]),
    ],
    [
      'the oldest value of a history is dropped',
      definition({ calc: 'flapping', property: 'v' }),
      ['a', 'b'],
      (store) => expect(store).toMatchObject([[expect.any(Number), 2, 'b']]),
    ],
    [
      'the oldest distinct value is dropped',
      definition({ calc: 'distinct', property: 'v', within: '1h', gt: 5 }),
      ['a', 'b'],
      (store) => expect(store).toMatchObject([[expect.any(Number), 2, 'b']]),
    ],
    [
      'of a run only its start is kept',
      definition({ calc: 'unchanged', property: 'v', gt: '1h' }),
      ['a', 'a'],
      (store) => expect(store).toMatchObject({ base: { since: NOW_MS }, samples: [[expect.any(Number), 2, 'a']] }),
    ],
  ])('until it weighs no more than before: %s', (_what, rule, sent, check) => {
    const compiled = compileRule(parseRule(rule));
    const member = memberOf(partitionWith(rule, sent));
    member.weight = weightOf(compiled, memberOf(partitionWith(rule, sent.slice(0, 1))));
    expect(shedLoad(compiled, member, NOW_MS)).toBe(true);
    expect(weightOf(compiled, member)).toBeLessThanOrEqual(member.weight);
    check(member.partition.stores[0]);
  });

  it('is not possible before any event', () => {
    const compiled = compileRule(parseRule(average));
    expect(shedLoad(compiled, memberOf(newPartition(compiled, ['a'])), NOW_MS)).toBe(false);
  });
});
