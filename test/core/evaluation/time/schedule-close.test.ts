import { describe, expect, it } from 'vitest';
import { driver } from '../../../support/evaluation/driver.ts';

const HOUR_S = 3600;
const schedule = { timezone: 'UTC', from: '08:00', to: '18:00', onClose: 'resolve' };
const off = { calc: 'latest', property: 's', equals: 'off' };
const base = {
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: off },
  schedule,
};

type Driver = ReturnType<typeof driver>;
const hour = (time: string | null): string =>
  time === null ? '-' : `${(Date.parse(time) - Date.UTC(2026, 0, 1)) / 3_600_000}h`;
const lines = (set: Driver): string[] =>
  set
    .alerts()
    .map(
      ({ data }) =>
        `${hour(data.evaluatedAt)} ${data.status} #${data.episode} ${data.reason} ${data.state}, ${hour(data.startsAt)} to ${hour(data.endsAt)}`,
    );

/** A set after these events, at these hours, and 48 hours. */
function played(words: object, ...events: [hour: number, data: Record<string, unknown>][]): Driver {
  const set = driver({ ...base, ...words });
  for (const [at, data] of events) set.send(at * HOUR_S, data);
  set.advance(48 * HOUR_S);
  return set;
}

describe('onClose: resolve', () => {
  it.each<[what: string, words: object, events: [number, Record<string, unknown>][], expected: string[]]>([
    [
      'ends what fires at the closing time; what still holds fires again at the opening',
      {},
      [[12, { m: 'a', s: 'off' }]],
      [
        '12h firing #1 condition firing, 12h to -',
        '18h resolved #1 schedule pending, 12h to 18h',
        '32h firing #2 condition firing, 12h to -',
        '42h resolved #2 schedule pending, 12h to 42h',
      ],
    ],
    [
      'an event at the closing time comes first',
      {},
      [
        [12, { m: 'a', s: 'off' }],
        [18, { m: 'a', s: 'on' }],
      ],
      ['12h firing #1 condition firing, 12h to -', '18h resolved #1 cleared inactive, 12h to 18h'],
    ],
    [
      '`for` does not start again',
      { for: '2h' },
      [[10, { m: 'a', s: 'off' }]],
      [
        '12h firing #1 condition firing, 10h to -',
        '18h resolved #1 schedule pending, 10h to 18h',
        '32h firing #2 condition firing, 10h to -',
        '42h resolved #2 schedule pending, 10h to 42h',
      ],
    ],
    [
      '`for` runs while it is closed',
      { for: '15h' },
      [[18, { m: 'a', s: 'off' }]],
      ['33h firing #1 condition firing, 18h to -', '42h resolved #1 schedule pending, 18h to 42h'],
    ],
    [
      'ends what keepFiringFor kept firing, once and for all',
      { keepFiringFor: '4h' },
      [
        [12, { m: 'a', s: 'off' }],
        [16, { m: 'a', s: 'on' }],
      ],
      ['12h firing #1 condition firing, 12h to -', '18h resolved #1 schedule inactive, 12h to 16h'],
    ],
    [
      'comes before keepFiringFor and staleAfter of the same moment',
      { keepFiringFor: '2h', staleAfter: '4h' },
      [[12, { m: 'a', s: 'off' }]],
      ['12h firing #1 condition firing, 12h to -', '18h resolved #1 schedule inactive, 12h to 16h'],
    ],
    [
      'ends an alert on silence, which fires again',
      { noData: { after: '4h', then: 'alert' } },
      [[12, { m: 'a', s: 'on' }]],
      [
        '16h firing #1 noData firing, 16h to -',
        '18h resolved #1 schedule pending, 16h to 18h',
        '32h firing #2 noData firing, 16h to -',
        '42h resolved #2 schedule pending, 16h to 42h',
      ],
    ],
    [
      'a late event changes nothing before the closing time',
      {},
      [
        [12, { m: 'a', s: 'off' }],
        [19, { m: 'a', s: 'on', time: 17 * HOUR_S }],
        [20, { m: 'a', s: 'off', time: 17.5 * HOUR_S }],
      ],
      [
        '12h firing #1 condition firing, 12h to -',
        '18h resolved #1 schedule pending, 12h to 18h',
        '32h firing #2 condition firing, 18h to -',
        '42h resolved #2 schedule pending, 18h to 42h',
      ],
    ],
    [
      'a reminder due at the closing time is not published',
      { repeat: '3h' },
      [
        [12, { m: 'a', s: 'off' }],
        [19, { m: 'a', s: 'on' }],
      ],
      [
        '12h firing #1 condition firing, 12h to -',
        '15h reminder #1 condition firing, 12h to -',
        '18h resolved #1 schedule pending, 12h to 18h',
      ],
    ],
    [
      'each partition resolves and fires by itself',
      { evaluate: { type: 'each', having: off } },
      [
        [12, { m: 'a', s: 'off' }],
        [13, { m: 'b', s: 'off' }],
        [20, { m: 'a', s: 'on' }],
      ],
      [
        '12h firing #1 condition firing, 12h to -',
        '13h firing #1 condition firing, 13h to -',
        '18h resolved #1 schedule pending, 12h to 18h',
        '18h resolved #1 schedule pending, 13h to 18h',
        '32h firing #2 condition firing, 13h to -',
        '42h resolved #2 schedule pending, 13h to 42h',
      ],
    ],
  ])('%s', (_what, words, events, expected) => expect(lines(played(words, ...events))).toEqual(expected));

  it('an alert resolves with the severity that it had, whatever holds from then on', () => {
    const levels = [
      { severity: 'warning', having: off },
      { severity: 'critical', having: { ...off, for: '6h' } },
    ];
    const set = played({ evaluate: { type: 'any', levels } }, [12, { m: 'a', s: 'off' }]);
    expect(set.alerts().map(({ data }) => `${data.status} ${data.severity}`)).toEqual([
      'firing warning',
      'resolved warning',
      'firing critical',
      'resolved critical',
    ]);
  });

  it('a rule that gets it while it is closed resolves at once', () => {
    const set = driver({ ...base, schedule: { ...schedule, onClose: 'keep' } });
    set.send(12 * HOUR_S, { m: 'a', s: 'off' });
    set.advance(20 * HOUR_S);
    set.change({ schedule });
    expect(set.nextDeadline()).toBe(20 * HOUR_S);
    set.advance(20 * HOUR_S);
    expect(lines(set)).toEqual([
      '12h firing #1 condition firing, 12h to -',
      '20h resolved #1 schedule pending, 12h to 20h',
    ]);
  });

  it('a rule that loses its schedule fires again at once', () => {
    const set = driver(base);
    set.send(12 * HOUR_S, { m: 'a', s: 'off' });
    set.advance(20 * HOUR_S);
    set.change({ schedule: undefined });
    set.advance(20 * HOUR_S);
    expect(lines(set).at(-1)).toBe('20h firing #2 condition firing, 12h to -');
  });

  it('the next deadline is the closing time, also after a restart', () => {
    const set = driver(base);
    set.send(12 * HOUR_S, { m: 'a', s: 'off' });
    expect(set.nextDeadline()).toBe(18 * HOUR_S);
    set.restore();
    expect(set.nextDeadline()).toBe(18 * HOUR_S);
    set.advance(18 * HOUR_S);
    expect(set.nextDeadline()).toBe(32 * HOUR_S);
  });
});

it('onClose: keep, the default, lets an alert continue', () => {
  const { onClose: _onClose, ...keeping } = schedule;
  const set = played({ schedule: keeping }, [12, { m: 'a', s: 'off' }], [20, { m: 'a', s: 'on' }]);
  expect(lines(set)).toEqual([
    '12h firing #1 condition firing, 12h to -',
    '20h resolved #1 cleared inactive, 12h to 20h',
  ]);
});
