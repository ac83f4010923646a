import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../support/evaluation/driver.ts';

const off = { calc: 'latest', property: 's', equals: 'off' };
const base = {
  ...{ id: 'r', clientId: 'c', where: [{ property: 's', exists: true }], partitionBy: ['m'] },
  forgetOn: [{ property: 'life', equals: 'scrapped' }],
};
type Sent = [at: number, m: string, data: object];
const scrapped = { life: 'scrapped' };

function play(words: object, events: Sent[], until: number) {
  const set = driver({ ...base, ...words });
  for (const [at, m, data] of events) set.send(at, { m, ...data });
  set.advance(until);
  return set;
}

/** Transitions as `at status reason`. */
const briefOf = (set: ReturnType<typeof driver>): string[] =>
  alertsOf(set).map(({ at, status, reason }) => `${at} ${status} ${reason}`);

describe('an event that matches forgetOn', () => {
  const all = { evaluate: { type: 'all', having: off } };

  it('removes its partition, which then blocks no all', () =>
    expect(
      briefOf(
        play(
          all,
          [
            [1, 'a', { s: 'off' }],
            [1, 'b', { s: 'on' }],
            [3, 'b', scrapped],
          ],
          9,
        ),
      ),
    ).toEqual(['1 firing condition', '1 resolved cleared', '3 firing condition']));

  it('needs not match where, and does nothing else if it does', () => {
    const both = { ...scrapped, s: 'off' };
    expect(
      briefOf(
        play(
          { evaluate: { type: 'any', having: off } },
          [
            [1, 'a', both],
            [2, 'b', both],
          ],
          9,
        ),
      ),
    ).toEqual([]);
  });

  it('changes nothing if there is no such partition', () => {
    const set = play(all, [[1, 'a', scrapped]], 9);
    expect([briefOf(set), Object.keys(set.state().partitions)]).toEqual([[], []]);
  });

  it('brings nothing forward that the clock would bring about', () => {
    // At 3 s, b is 2 s old, and stale.
    const words = { evaluate: { type: 'min', of: { calc: 'age' }, gte: '2s' }, staleAfter: '2s' };
    const sent: Sent[] = [
      [0, 'a', { s: 'on' }],
      [1, 'b', { s: 'on' }],
    ];
    expect(briefOf(play(words, [...sent, [3, 'a', scrapped]], 9))).toEqual([]);
  });

  it('leaves nothing of its partition, so that it starts anew', () => {
    const evaluate = { type: 'any', having: { calc: 'count', within: '1h', gte: 2 } };
    const events: Sent[] = [
      [1, 'a', { s: 1 }],
      [2, 'a', scrapped],
      [3, 'a', { s: 1 }],
    ];
    expect(briefOf(play({ evaluate }, events, 9))).toEqual([]);
    expect(Object.keys(play({ evaluate }, events.slice(0, 2), 9).state().partitions)).toEqual([]);
  });

  it('ends the alert of the set that only its partition kept firing', () =>
    expect(
      briefOf(
        play(
          { evaluate: { type: 'any', having: off } },
          [
            [1, 'a', { s: 'off' }],
            [3, 'a', scrapped],
          ],
          9,
        ),
      ),
    ).toEqual(['1 firing condition', '3 resolved forgotten']));

  it('takes its value out of the value of the set', () => {
    const evaluate = { type: 'sum', of: { calc: 'latest', property: 's' }, gt: 10 };
    expect(
      briefOf(
        play(
          { evaluate },
          [
            [1, 'a', { s: 6 }],
            [2, 'b', { s: 6 }],
            [3, 'a', scrapped],
          ],
          9,
        ),
      ),
    ).toEqual(['2 firing condition', '3 resolved forgotten']);
  });

  it('shows the partition as it was', () => {
    const set = play(
      { evaluate: { type: 'any', having: off } },
      [
        [1, 'a', { s: 'off' }],
        [3, 'a', scrapped],
      ],
      9,
    );
    expect(set.alerts()[1]?.data.evidence.items).toMatchObject([{ partition: { m: 'a' }, value: 'off' }]);
  });

  it('is not one of the events that noData waits for', () => {
    const words = { evaluate: { type: 'any', having: off }, noData: { after: '10s', then: 'alert' } };
    expect(
      briefOf(
        play(
          words,
          [
            [1, 'a', { s: 'on' }],
            [8, 'a', scrapped],
          ],
          15,
        ),
      ),
    ).toEqual(['11 firing noData']);
  });
});

describe('an expected partition that is forgotten', () => {
  const words = { evaluate: { type: 'all', having: off }, expect: [{ m: 'a' }, { m: 'b' }] };

  it('is not expected, even if it never reported', () =>
    expect(
      briefOf(
        play(
          words,
          [
            [1, 'a', { s: 'off' }],
            [2, 'b', scrapped],
          ],
          9,
        ),
      ),
    ).toEqual(['2 firing condition']));

  it('is expected again when it reports again', () => {
    const events: Sent[] = [
      [1, 'a', { s: 'off' }],
      [2, 'b', scrapped],
      [3, 'b', { s: 'on' }],
      [4, 'b', { s: 'off' }],
    ];
    expect(briefOf(play(words, events, 9))).toEqual(['2 firing condition', '3 resolved cleared', '4 firing condition']);
  });

  it('stays forgotten after a restart and in a new version of the rule', () => {
    const set = driver({ ...base, ...words });
    set.send(1, { m: 'b', ...scrapped });
    set.restore();
    set.change({ severity: 'critical' });
    set.send(2, { m: 'a', s: 'off' });
    expect(briefOf(set)).toEqual(['2 firing condition']);
  });

  it('keeps no alert from being silent', () => {
    const silent = { evaluate: { type: 'each', having: off }, noData: { after: '10s', then: 'alert' } };
    const set = play({ ...silent, expect: words.expect }, [[1, 'a', scrapped]], 20);
    expect(alertsOf(set)).toMatchObject([{ at: 10, partition: { m: 'b' }, reason: 'noData' }]);
  });
});

describe('the own alert of a partition that is forgotten', () => {
  const each = { evaluate: { type: 'each', having: off } };

  it.each<[string, object]>([
    ['at once', {}],
    ['without waiting for keepFiringFor', { keepFiringFor: '1m' }],
  ])('resolves %s', (_what, more) =>
    expect(
      briefOf(
        play(
          { ...each, ...more },
          [
            [1, 'a', { s: 'off' }],
            [1, 'b', { s: 'off' }],
            [3, 'a', scrapped],
          ],
          9,
        ),
      ),
    ).toEqual(['1 firing condition', '1 firing condition', '3 resolved forgotten']),
  );

  it('has ended when its condition stopped', () => {
    const set = play(
      { ...each, keepFiringFor: '1m' },
      [
        [1, 'a', { s: 'off' }],
        [3, 'a', { s: 'on' }],
        [5, 'a', scrapped],
      ],
      9,
    );
    expect(set.alerts()[1]?.data).toMatchObject({ reason: 'forgotten', endsAt: '2026-01-01T00:00:03.000Z' });
  });

  it('is silent about a pending one', () =>
    expect(
      briefOf(
        play(
          { ...each, for: '5s' },
          [
            [1, 'a', { s: 'off' }],
            [3, 'a', scrapped],
          ],
          9,
        ),
      ),
    ).toEqual([]));

  it('counts its episodes on, so that alerts have unique ids', () => {
    const set = play(
      each,
      [
        [1, 'a', { s: 'off' }],
        [2, 'a', scrapped],
        [3, 'a', { s: 'off' }],
      ],
      9,
    );
    expect(set.alerts().map(({ data }) => data.episode)).toEqual([1, 1, 2]);
    expect(new Set(set.alerts().map(({ id }) => id)).size).toBe(3);
  });

  it('of a sequence begins anew', () => {
    const step = (s: string) => ({ where: [{ property: 's', equals: s }] });
    const evaluate = { type: 'sequence', steps: [step('x'), step('y')] };
    expect(
      briefOf(
        play(
          { evaluate },
          [
            [1, 'a', { s: 'x' }],
            [2, 'a', scrapped],
            [3, 'a', { s: 'y' }],
          ],
          9,
        ),
      ),
    ).toEqual([]);
  });

  it('that waits for data is forgotten too', () => {
    const set = play(
      { ...each, noData: { after: '10s', then: 'alert' } },
      [
        [1, 'a', { s: 'on' }],
        [12, 'a', scrapped],
      ],
      60,
    );
    expect(briefOf(set)).toEqual(['11 firing noData', '12 resolved forgotten']);
  });
});
