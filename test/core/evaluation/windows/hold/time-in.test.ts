import { describe, expect, it } from 'vitest';
import { playRow, type Row } from '../../../../support/evaluation/play-table.ts';

const states = (...pairs: [at: number, s: string][]): Row['events'] => pairs.map(([at, s]) => [at, { s }]);
const on = [{ property: 's', equals: 'on' }];
const timeIn = (more: object): object => ({ calc: 'timeIn', within: '10s', where: on, ...more });

const ROWS: Row[] = [
  {
    name: 'gte: at that moment; it ends when less is left',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on'], [6, 'off']),
    until: 60,
    // 6 s, and less from 10 s on: 5 s at 11 s.
    alerts: [
      [5, 'firing'],
      [11.001, 'resolved'],
    ],
  },
  {
    name: 'gt: in the next millisecond; it ends at that moment',
    having: timeIn({ gt: '5s' }),
    events: states([0, 'on'], [6, 'off']),
    until: 60,
    alerts: [
      [5.001, 'firing'],
      [11, 'resolved'],
    ],
  },
  {
    name: 'all stretches count',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on'], [2, 'off'], [4, 'on']),
    until: 9,
    alerts: [[7, 'firing']],
  },
  {
    name: 'an event that repeats the state changes nothing',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on'], [1, 'on'], [3, 'on']),
    until: 9,
    alerts: [[5, 'firing']],
  },
  {
    name: 'the whole window, for ever',
    having: timeIn({ gte: '10s' }),
    events: states([0, 'on']),
    until: 99_999,
    alerts: [[10, 'firing']],
  },
  {
    name: 'nothing before the first event',
    having: timeIn({ lt: '5s' }),
    events: states([0, 'on']),
    until: 60,
    alerts: [
      [0, 'firing'],
      [5, 'resolved'],
    ],
  },
  {
    name: 'whenFull: little time is not known before the whole window is',
    having: timeIn({ lt: '5s', whenFull: true }),
    events: states([0, 'on'], [3, 'off']),
    until: 60,
    alerts: [[10, 'firing']],
  },
  {
    name: 'the newest event decides, also one without the property',
    having: timeIn({ gte: '5s' }),
    events: [
      [0, { s: 'on' }],
      [3, {}],
    ],
    until: 60,
    alerts: [],
  },
  {
    name: 'a late event ends the stretch at its own time',
    having: timeIn({ gte: '5s' }),
    events: [
      [0, { s: 'on' }],
      [4, { s: 'off', time: 2 }],
    ],
    until: 60,
    alerts: [],
  },
  {
    name: 'a late event that is older than the newest begins a stretch that the newest ends',
    having: timeIn({ gte: '3s' }),
    events: [
      [5, { s: 'off' }],
      [6, { s: 'on', time: 2 }],
    ],
    until: 60,
    // 2 s to 5 s; less is left from 12 s on.
    alerts: [
      [6, 'firing'],
      [12.001, 'resolved'],
    ],
  },
  {
    name: 'between',
    having: timeIn({ between: ['2s', '4s'] }),
    events: states([0, 'on']),
    until: 60,
    alerts: [
      [2, 'firing'],
      [4.001, 'resolved'],
    ],
  },
  {
    name: 'staleAfter ends the stretch',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on']),
    until: 60,
    rule: { staleAfter: '8s' },
    alerts: [
      [5, 'firing'],
      [8, 'resolved'],
    ],
  },
];

describe.each(ROWS)('timeIn: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});
