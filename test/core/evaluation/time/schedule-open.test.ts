import { expect, it } from 'vitest';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { EPOCH_MS, driver } from '../../../support/evaluation/driver.ts';
import { playSplit } from '../../../properties/play/play-shards.ts';

const HOUR_S = 3600;
const off = { calc: 'latest', property: 's', equals: 'off' };
const base = {
  ...{ id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  schedule: { timezone: 'UTC', from: '08:00', to: '18:00' },
};
const ownTimes = { evaluate: { type: 'all', levels: [{ severity: 'info', having: off, for: '0s' }] } };
const overdue = { evaluate: { type: 'all', having: off }, for: '1h' };
const timed = { evaluate: { type: 'all', levels: [{ severity: 'info', having: off, for: '1h' }] } };

type Sent = [atHour: number, ownHour: number, m: string, s: string];
/** `a` has been off for long when its event arrives, before the opening. At the opening `a` reports once more. */
const before: Sent[] = [
  [6, 3, 'a', 'off'],
  [8, 8, 'a', 'off'],
];

function statuses(words: object, sent: Sent[]): string[] {
  const set = driver({ ...base, ...words });
  for (const [at, time, m, s] of sent) set.send(at * HOUR_S, { m, s, time: time * HOUR_S });
  set.advance(9 * HOUR_S);
  return set.alerts().map(({ data }) => data.status);
}

function splitStatuses(words: object, sent: Sent[]): string[] {
  const atMs = (hour: number): number => EPOCH_MS + hour * HOUR_S * 1000;
  const arrivals = sent.map(([at, time, m, s], index) => ({
    ...{ sequence: index + 1, at: atMs(at), time: atMs(time), data: { m, s } },
  }));
  const recording = { rule: parseRule({ ...base, ...words }), start: EPOCH_MS, until: atMs(9), arrivals };
  return playSplit(recording, { at: 0, shards: 2 }).map(({ data }) => data.status);
}

it.each([
  ['a level that is on', ownTimes],
  ['a `for` that was overdue when it began', overdue],
  ['the same with levels', timed],
])('the schedule opens after all events of its moment: %s', (_what, words) => {
  for (const played of [statuses, splitStatuses]) {
    expect(played(words, before)).toEqual(['firing']);
    expect(played(words, [...before, [8, 8, 'b', 'on']])).toEqual([]);
  }
});

it('a level that turns on as an event arrives at the opening fires at once', () => {
  const sent: Sent[] = [
    [8, 8, 'a', 'off'],
    [8, 8, 'b', 'on'],
  ];
  for (const played of [statuses, splitStatuses]) expect(played(ownTimes, sent)).toEqual(['firing', 'resolved']);
});
