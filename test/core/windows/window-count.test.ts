import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { driver } from '../../support/evaluation/driver.ts';

const rule = (comparison: object, more: object = {}) => ({
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: { calc: 'count', within: '10s', ...comparison } },
  ...more,
});

describe('the count of a window moves with the clock', () => {
  it.each<[object, number[]]>([
    [{ gte: 3 }, [12]],
    [{ gt: 3 }, [11]],
    [{ lt: 2 }, [13]],
    [{ equals: 1 }, [13, 14]],
    [{ between: [2, 3] }, [11, 13]],
    [{ gt: 2.5 }, [12]],
    [{ exists: true }, []],
  ])('and is judged again when it reaches an operand: %j', (comparison, changes) => {
    const set = driver(rule(comparison));
    for (let at = 0; at < 5; at++) set.send(at, { m: 'a' });
    const before = set.alerts().length;
    set.advance(30);
    expect(
      set
        .alerts()
        .slice(before)
        .map(({ data }) => Number(data.evaluatedAt.slice(17, 19))),
    ).toEqual(changes);
  });

  it('and a set is evaluated when something may change, not whenever an event leaves', () => {
    const set = driver(rule({ gte: 2 }));
    for (let at = 0; at < 5; at++) set.send(at, { m: 'a' });
    expect(set.nextDeadline()).toBe(12);
    set.advance(12);
    expect(set.nextDeadline()).toBe(13);
    set.advance(13);
    expect(set.nextDeadline()).toBeNull();
  });

  it('and samples that no comparison depends on are dropped together if there are many, and stay until the next event if there are few', () => {
    const many = driver(rule({ gte: 20 }));
    const few = driver(rule({ gte: 20 }));
    for (let at = 0; at < 9; at++) many.send(at, { m: 'a' });
    for (let at = 0; at < 8; at++) few.send(at, { m: 'a' });
    expect([many.nextDeadline(), few.nextDeadline()]).toEqual([18, null]);
    many.advance(18);
    expect(Object.values(many.state().partitions)[0]?.stores).toMatchObject([{ samples: [] }]);
    few.advance(20);
    few.send(20, { m: 'a' });
    expect(Object.values(few.state().partitions)[0]?.stores).toMatchObject([
      { samples: [[expect.any(Number), expect.any(Number), 0]] },
    ]);
  });

  it('and evidence has the count of its own moment', () => {
    const set = driver(rule({ gte: 1 }, { heartbeat: '6s' }));
    for (let at = 0; at < 5; at++) set.send(at, { m: 'a' });
    set.advance(12);
    expect(set.alerts().map(({ data }) => [data.status, data.evidence.items[0]?.value])).toEqual([
      ['firing', 1],
      ['heartbeat', 5],
      ['heartbeat', 2],
    ]);
  });

  it('and samples that have left do not cause a summary', () => {
    const set = driver(rule({ gte: 1 }));
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < LIMITS.windowSamples; n++) set.send(round * 12 + n / 1000, { m: 'a' });
    }
    expect(set.alerts().map(({ data }) => data.status)).not.toContain('limit');
  });
});
