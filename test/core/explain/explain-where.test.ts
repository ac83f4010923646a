import { describe, expect, it } from 'vitest';
import { explainWhere } from '../../../src/core/explain/explain-where.ts';
import { whereLines } from '../../../src/core/explain/where-in-words.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { EPOCH_MS } from '../../support/evaluation/driver.ts';

const MINUTE_MS = 60_000;
type Sent = [type: string, data: object];

/** Event n is stored n minutes after the start; times as minutes since then. */
function explained(words: object, sent: readonly Sent[]) {
  const rule = parseRule({
    ...{ id: 'r', clientId: 'c', partitionBy: ['m'] },
    evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
    ...words,
  });
  const events = sent.map(([type, data], index) =>
    toEvent({
      subject: `events.c.${type}`,
      payload: data,
      sequence: index + 1,
      storedAtMs: EPOCH_MS + (index + 1) * MINUTE_MS,
    }),
  );
  return { ...explainWhere(rule, events), unusable: 0 };
}

const lines = (words: object, sent: readonly Sent[]): string[] =>
  whereLines(explained(words, sent)).map((line) =>
    line.replaceAll(/2026-[-0-9T:.]+Z/g, (time) => `${(Date.parse(time) - EPOCH_MS) / MINUTE_MS}m`),
  );

const hot = [
  { property: 'type', equals: 'temperature' },
  { property: 't', gt: 80 },
];

describe('of the newest events, which entries of `where` keep events out', () => {
  it.each<[what: string, words: object, sent: Sent[], expected: string[]]>([
    ['there is no event', { where: hot }, [], ['The stream has no events of the client.']],
    [
      'the type is another one',
      { where: [{ property: 'type', equals: 'temperature' }] },
      [
        ['temp', { m: 'a' }],
        ['temp', { m: 'a' }],
      ],
      [
        "`where` matches none of the client's newest 2 events, of 1m to 2m.",
        '  type equals "temperature": 2 fail it, and nothing else (event 2 has type "temp")',
      ],
    ],
    [
      'most fail one entry, but another one alone keeps those out that matter',
      { where: hot },
      [
        ['temperature', { m: 'a', t: 75 }],
        ['status', { m: 'a' }],
        ['status', { m: 'a' }],
        ['status', { m: 'a', t: 90 }],
      ],
      [
        "`where` matches none of the client's newest 4 events, of 1m to 4m.",
        '  type equals "temperature": 3 fail it, 1 of them nothing else (event 4 has type "status")',
        '  t gt 80: 3 fail it, 1 of them nothing else (event 1 has t 75)',
      ],
    ],
    [
      'the newest example counts, of those that fail nothing else if there are any',
      { where: hot },
      [
        ['temperature', { m: 'a', t: 70 }],
        ['temperature', { m: 'a', t: 71 }],
        ['status', { m: 'a', t: 72 }],
      ],
      [
        "`where` matches none of the client's newest 3 events, of 1m to 3m.",
        '  t gt 80: 3 fail it, 2 of them nothing else (event 2 has t 71)',
        '  type equals "temperature": 1 fail it (event 3 has type "status")',
      ],
    ],
    [
      'a property is missing',
      { where: [{ any: [{ property: 't', as: 'number', gt: 80 }, { not: { property: 'a.b', contains: 'x' } }] }] },
      [['temperature', { m: 'a', a: { b: 'xy' } }]],
      [
        "`where` matches none of the client's newest 1 events, of 1m to 1m.",
        '  (t as number gt 80 or not a.b contains "x"): 1 fail it, and nothing else (event 1 has no t, a.b "xy")',
      ],
    ],
    [
      'some match: the newest of them is named',
      { where: hot },
      [
        ['temperature', { m: 'a', t: 81 }],
        ['temperature', { m: 'a', t: 82 }],
        ['temperature', { m: 'a', t: 79 }],
      ],
      [
        "`where` matches 2 of the client's newest 3 events, of 1m to 3m, the newest is event 2 of 2m.",
        '  t gt 80: 1 fail it, and nothing else (event 3 has t 79)',
      ],
    ],
    [
      'those that match lack what the rule divides them by',
      { where: hot, groupBy: ['site'], partitionBy: ['m', 'n'] },
      [
        ['temperature', { m: 'a', t: 81 }],
        ['temperature', { m: {}, n: 1, site: 's', t: 82 }],
      ],
      [
        "`where` matches 2 of the client's newest 2 events, of 1m to 2m, the newest is event 2 of 2m.",
        '  1 of those that match: no value of site (groupBy) that can be a key, so the rule skips them',
        '  1 of those that match: no value of m (partitionBy) that can be a key, so the rule skips them',
        '  1 of those that match: no value of n (partitionBy) that can be a key, so the rule skips them',
      ],
    ],
  ])('%s', (_what, words, sent, expected) => {
    expect(lines(words, sent)).toEqual(expected);
  });

  it('is bounded: entries, properties of an example, and their texts', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const any = { any: names.map((property) => ({ property, equals: 'x'.repeat(100) })) };
    const where = [any, ...names.flatMap((property) => [1, 2].map((equals) => ({ property, equals })))];
    const data = Object.fromEntries(names.map((property) => [property, 'y'.repeat(10_000)]));
    const { failing } = explained({ where }, [['status', data]]);
    expect(failing.map(({ entry }) => entry)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const [first] = failing;
    expect(first?.text).toHaveLength(200);
    expect(first?.example.has).toEqual(names.slice(0, 5).map((property) => ({ property, value: 'y'.repeat(200) })));
  });

  it('counts what is not valid apart', () => {
    expect(whereLines({ ...explained({ where: hot }, []), unusable: 3 })).toEqual([
      'The stream has no events of the client.',
      '3 more are not valid: see the dead letters.',
    ]);
  });
});
