import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

const rule = (having: object, more: object = {}): object => ({
  id: 'rule',
  clientId: 'client-01',
  where: [{ property: 'type', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'each', having },
  ...more,
});
const latest = (is: object, more: object = {}): object =>
  rule({ calc: 'latest', property: 'tags[*].name', ...is }, more);

type Sent = [at: number, data: object];
const named = (...names: unknown[]): object => ({ tags: names.map((name) => ({ name })) });

/** `12 firing`: what is published when, in seconds. */
function published(definition: object, sent: Sent[], until = 1000): string[] {
  const set = driver(definition);
  for (const [at, data] of sent) {
    set.advance(at - 0.001);
    set.send(at, { m: 'a', ...data });
  }
  set.advance(until);
  return alertsOf(set).map(({ at, status }) => `${at} ${status}`);
}

describe('latest of every element', () => {
  it.each<[what: string, is: object, sent: Sent[], alerts: string[]]>([
    ['one that satisfies is enough', { equals: 'hot' }, [[1, named('on', 'hot')]], ['1 firing']],
    ['none that satisfies', { equals: 'hot' }, [[1, named('on', 'off')]], []],
    [
      'compares the list of the newest event only',
      { equals: 'hot' },
      [
        [1, named('hot')],
        [2, named('on')],
      ],
      ['1 firing', '2 resolved'],
    ],
    [
      'an empty list replaces the list before',
      { equals: 'hot' },
      [
        [1, named('hot')],
        [2, { tags: [] }],
      ],
      ['1 firing', '2 resolved'],
    ],
    [
      'so does a list without the rest of the path',
      { equals: 'hot' },
      [
        [1, named('hot')],
        [2, { tags: [{ id: 1 }] }],
      ],
      ['1 firing', '2 resolved'],
    ],
    [
      'an event without the list changes nothing',
      { equals: 'hot' },
      [
        [1, named('hot')],
        [2, {}],
        [3, { tags: 'cold' }],
        [4, { tags: { 0: { name: 'cold' } } }],
      ],
      ['1 firing'],
    ],
    [
      'an older list comes late',
      { equals: 'hot' },
      [
        [5, named('hot')],
        [6, { ...named('on'), time: 2 }],
      ],
      ['5 firing'],
    ],
    ['exists: false holds for an empty list', { exists: false }, [[1, { tags: [] }]], ['1 firing']],
    ['exists: false does not hold if any is there', { exists: false }, [[1, { tags: [{}, { name: null }] }]], []],
    ['numbers of many digits', { equals: 9007199254740993n }, [[1, named(1, 9007199254740993n)]], ['1 firing']],
    ['neighbours of them', { equals: 9007199254740993n }, [[1, named(9007199254740992, 9007199254740994)]], []],
    ['texts that are numbers', { as: 'number', gt: 5 }, [[1, named('x', ' 7 ')]], ['1 firing']],
    ['only texts that are none', { as: 'number', exists: false }, [[1, named('x', true)]], ['1 firing']],
    [
      'a right side that is another property',
      { gt: { latest: 'max' } },
      [
        [1, { ...named(3, 9), max: 10 }],
        [2, { max: 8 }],
        [3, { max: 9 }],
      ],
      ['2 firing', '3 resolved'],
    ],
  ])('%s', (_what, is, sent, alerts) => {
    expect(published(latest(is), sent)).toEqual(alerts);
  });

  it.each<[what: string, side: object, sent: Sent[], alerts: string[]]>([
    [
      'a number that leaves a window',
      { calc: 'sum', property: 't', within: '10s' },
      [
        [1, { t: 100 }],
        [2, { t: 1 }],
        [5, named(3, 40, 'on')],
      ],
      ['11 firing'],
    ],
    [
      'time that an average holds',
      { calc: 'avg', property: 't', within: '10s', hold: true },
      [
        [0, { t: 100 }],
        [10, { t: 0 }],
        [12, named(3, 50, 'on')],
      ],
      ['15.001 firing'],
    ],
    [
      'time that an average holds, for the largest of two elements',
      { calc: 'avg', property: 't', within: '10s', hold: true },
      [
        [0, { t: 100 }],
        [10, { t: 0 }],
        [12, named(30, 20, 70)],
      ],
      ['13.001 firing'],
    ],
    [
      'time that an average holds, for a number of many digits',
      { calc: 'avg', property: 't', within: '10s', hold: true },
      [
        [0, { t: 1e17 }],
        [10, { t: 0 }],
        [12, named('x', 9007199254740993n)],
      ],
      ['19.1 firing'],
    ],
  ])('compares at the moment at which its right side changes: %s', (_what, side, sent, alerts) => {
    expect(published(latest({ gt: side }), sent)).toEqual(alerts);
  });
});

describe('what a set keeps of a list', () => {
  const keptOf = (set: ReturnType<typeof driver>): unknown => Object.values(set.state().partitions)[0]?.stores[0];
  const sent = (tags: unknown[]): unknown => {
    const set = driver(rule({ calc: 'latest', property: 'tags[*]', exists: true }));
    set.send(1, { m: 'a', tags });
    return (keptOf(set) as [number, number, { each: unknown[] }])[2].each;
  };

  it.each<[what: string, tags: unknown[], kept: unknown[]]>([
    ['each value once, in order', ['b', 'a', 'b', 1, '1', true, null, 1], ['b', 'a', 1, '1', true, null]],
    ['nothing', [], []],
    ['one of all lists and objects, shortened', [{ a: 1 }, 'x', [2], { b: 'y' }], [{ json: '{"a":1}' }, 'x']],
    ['texts that are too long, as such', ['x'.repeat(1_025), 'a'], [{ json: 'x'.repeat(64) }, 'a']],
    ['what comes first', Array.from({ length: 500 }, (_, n) => n), Array.from({ length: 128 }, (_, n) => n)],
    [
      'what still fits',
      ['1', '2', '3', '4', '5', 'a'].map((text) => text.repeat(text === 'a' ? 1 : 1_000)),
      ['1', '2', '3', '4', 'a'].map((text) => text.repeat(text === 'a' ? 1 : 1_000)),
    ],
  ])('%s', (_what, tags, kept) => expect(sent(tags)).toEqual(kept));

  it('is at most so many values', () => {
    expect([LIMITS.elements, LIMITS.elementsBytes]).toEqual([128, 4_096]);
  });

  it('belongs to the path: another slot than the list itself', () => {
    const { slots } = compileRule(
      parseRule(
        rule({
          all: [
            { calc: 'latest', property: 'tags[*]', equals: 1 },
            { calc: 'latest', property: 'tags', exists: true },
            { calc: 'latest', property: 'tags[*]', as: 'number', equals: 1 },
          ],
        }),
      ),
    );
    expect(slots.map(({ key }) => key)).toEqual(['latest(tags[*])', 'latest(tags)', 'number latest(tags[*])']);
  });

  it('is shown as text in messages and evidence', () => {
    const set = driver(
      latest(
        { equals: 'hot' },
        { message: '{{value}} | {{event.tags[*].name}} | {{#event}}{{tags[*].name}}{{/event}}' },
      ),
    );
    set.send(1, { m: 'a', ...named('on', 'hot', null, { x: 1 }, 9007199254740993n) });
    const text = 'on, hot, null, {"x":1}, 9007199254740993';
    expect(set.alerts().map(({ data }) => [data.message, data.evidence.items[0]?.value])).toEqual([
      [`${text} | ${text} | ${text}`, text],
    ]);
  });

  it('survives a restart', () => {
    const set = driver(latest({ equals: 'hot' }));
    set.send(1, { m: 'a', ...named('on', 'hot') });
    set.restore();
    set.send(2, { m: 'a' });
    expect(alertsOf(set).map(({ status }) => status)).toEqual(['firing']);
  });
});

describe('every element in other places', () => {
  const count = (words: object): object => rule({ calc: 'count', within: '1m', gte: 1, ...words });
  const hot = { property: 'tags[*].name', equals: 'hot' };
  const steps = rule({}, { evaluate: { type: 'sequence', steps: [{ where: [hot] }, { where: [{ not: hot }] }] } });

  it.each<[what: string, definition: object, sent: Sent[], alerts: string[]]>([
    ['where', rule({ calc: 'latest', property: 'v', exists: true }, { where: [hot] }), [[1, named('on')]], []],
    [
      'where, that holds',
      rule({ calc: 'latest', property: 'v', exists: true }, { where: [hot] }),
      [[1, { v: 1, ...named('on', 'hot') }]],
      ['1 firing'],
    ],
    [
      'where, with more elements than a set keeps',
      rule({ calc: 'latest', property: 'v', exists: true }, { where: [hot] }),
      [[1, { v: 1, ...named(...Array.from({ length: 200 }, (_, n) => n), 'hot') }]],
      ['1 firing'],
    ],
    ['where of a calculation', count({ where: [hot] }), [[1, named('on', 'hot')]], ['1 firing', '61 resolved']],
    ['where of a calculation, none', count({ where: [hot] }), [[1, named('on')]], []],
    [
      'steps',
      steps,
      [
        [1, named('on', 'hot')],
        [2, named('hot')],
        [3, named('on')],
      ],
      ['3 firing', '3 resolved'],
    ],
    [
      'forgetOn',
      rule({ calc: 'latest', property: 'v', exists: true }, { forgetOn: [hot] }),
      [
        [1, { v: 1 }],
        [2, named('on')],
        [3, named('on', 'hot')],
      ],
      ['1 firing', '3 resolved'],
    ],
    [
      'settings',
      rule({ calc: 'latest', property: 'v', gt: { latest: 'max' } }, { settings: [hot] }),
      [
        [1, { v: 5 }],
        [2, { max: 4, ...named('hot') }],
      ],
      ['2 firing'],
    ],
  ])('%s', (_what, definition, sent, alerts) => expect(published(definition, sent)).toEqual(alerts));
});
