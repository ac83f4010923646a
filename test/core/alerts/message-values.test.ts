import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { driver } from '../../support/evaluation/driver.ts';

type Sent = [at: number, data: Record<string, unknown>];

function messages(evaluate: object, message: string, sent: readonly Sent[], more: object = {}): string[] {
  const where = [{ property: 'm', equals: '*' }];
  const set = driver({ id: 'r', clientId: 'c', where, partitionBy: ['m'], evaluate, message, ...more });
  for (const [at, data] of sent) {
    set.advance(at - 0.001);
    set.send(at, { m: 'a', ...data });
    set.restore();
  }
  set.advance(100);
  return set.alerts().map(({ data }) => data.message);
}

const v = (comparison: object): object => ({ calc: 'latest', property: 'v', ...comparison });
const each = (having: object): object => ({ type: 'each', having });

describe('{{threshold}}', () => {
  it.each<[what: string, evaluate: object, data: Record<string, unknown>, text: string]>([
    ['a constant', each(v({ gt: 5 })), { v: 9 }, '9 > 5'],
    ['a text', each(v({ equals: 'on' })), { v: 'on' }, 'on > on'],
    ['a duration, as written', each({ calc: 'age', gte: '5s' }), { v: 1 }, '5000 > 5s'],
    ['an operand, adjusted', each(v({ gt: { latest: 'max', times: 2, plus: 1 } })), { v: 9, max: 3 }, '9 > 7'],
    ['a default', each(v({ gt: { latest: 'max', default: 4 } })), { v: 9 }, '9 > 4'],
    ['another calculation', each(v({ gt: { calc: 'avg', property: 'w', within: '1m' } })), { v: 9, w: 2 }, '9 > 2'],
    ['both sides of between', each(v({ between: [{ latest: 'low' }, 10] })), { v: 9, low: 3 }, '9 > 3 and 10'],
    ['a list', each(v({ in: [9, 10] })), { v: 9 }, '9 > [9,10]'],
    ['of the first leaf that holds', each({ any: [v({ gt: 50 }), v({ gt: 5 })] }), { v: 9 }, '9 > 5'],
    [
      'of the leaf that holds, with a whole number of many digits',
      each({ any: [v({ equals: 1n }), v({ gt: 9007199254740992n })] }),
      { v: 9007199254740993n },
      '9007199254740993 > 9007199254740992',
    ],
    ['of the first leaf, if none holds', each({ not: v({ gt: 50 }) }), { v: 9 }, '9 > 50'],
    ['with any', { type: 'any', having: v({ gt: { latest: 'max' } }) }, { v: 9, max: 8 }, '9 > 8'],
  ])('%s', (_what, evaluate, data, text) =>
    expect(messages(evaluate, '{{value}} > {{threshold}}', [[1, data]])[0]).toBe(text),
  );

  it('of the level that holds, and of the end', () => {
    const levels = [
      { severity: 'warning', having: v({ gt: 5 }) },
      { severity: 'critical', having: v({ gt: 50 }) },
    ];
    const sent: Sent[] = [
      [1, { v: 9 }],
      [2, { v: 99 }],
      [3, { v: 1 }],
    ];
    expect(messages({ type: 'each', levels }, '{{value}} > {{threshold}}', sent)).toEqual([
      '9 > 5',
      '99 > 50',
      'Resolved: 1 > 5',
    ]);
  });

  it('that settings brought', () => {
    const sent: Sent[] = [
      [1, { v: 9 }],
      [2, { m: undefined, max: 8 }],
    ];
    const more = { settings: [{ property: 'max', exists: true }] };
    expect(messages(each(v({ gt: { latest: 'max' } })), '{{value}} > {{threshold}}', sent, more)).toEqual(['9 > 8']);
  });
});

describe('{{event.x}}', () => {
  it('is a property of the newest event', () => {
    const sent: Sent[] = [
      [1, { v: 9, humidity: 70, 'a.b': { c: 'deep' } }],
      [2, { v: 1 }],
    ];
    expect(messages(each(v({ gt: 5 })), '{{value}} at {{event.humidity}} {{event.a.b.c}}', sent)).toEqual([
      '9 at 70 ',
      'Resolved: 1 at  ',
    ]);
  });

  it.each([
    ['{{event.a.b}}', { a: { b: 1 } }, '1'],
    ['{{event.list[1]}}', { list: [1, 2] }, '2'],
    ['{{event.x["y.z"]}}', { x: { 'y.z': 3 } }, '3'],
    ['{{#event}}{{humidity}}{{/event}}', { humidity: 4 }, '4'],
    ['{{#event.wet}}wet{{/event.wet}}', { wet: true }, 'wet'],
    ['{{event.o}}', { o: { p: 1 } }, '{"p":1}'],
    ['{{event.text}}', { text: 'x'.repeat(2_000) }, 'x'.repeat(LIMITS.messageTextLength)],
    ['{{event.constructor}}', {}, ''],
  ])('%s', (message, data, text) => {
    if (message.includes('constructor'))
      expect(() => messages(each(v({ gt: 5 })), message, [])).toThrow(/not a valid property path/);
    else expect(messages(each(v({ gt: 5 })), message, [[1, { v: 9, ...data }]])).toEqual([text]);
  });

  it('is kept only if a message names it', () => {
    const set = driver({
      id: 'r',
      clientId: 'c',
      where: [{ property: 'm', equals: '*' }],
      evaluate: each(v({ gt: 5 })),
      message: '{{value}}',
    });
    set.send(1, { m: 'a', v: 9, humidity: 70 });
    expect(Object.values(set.state().partitions)[0]?.last).toEqual({
      sequence: 1,
      timeMs: expect.any(Number) as number,
    });
  });
});
