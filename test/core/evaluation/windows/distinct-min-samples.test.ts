import { describe, expect, it } from 'vitest';
import { playRow, type Row } from '../../../support/evaluation/play-table.ts';

const ONE_VALUE = { calc: 'distinct', property: 't', within: '1m', minSamples: 3, lt: 2 };
/** One event each ten seconds. */
const everyTen = (...values: unknown[]): Row['events'] => values.map((t, index) => [10 * index, { t }]);

const ROWS: Row[] = [
  { name: 'is unknown with fewer samples', having: ONE_VALUE, events: everyTen(1, 1), until: 3_600, alerts: [] },
  {
    name: 'counts samples, not values',
    having: ONE_VALUE,
    events: everyTen(1, 1, 1, 2),
    until: 3_600,
    alerts: [
      [20, 'firing'],
      [30, 'resolved'],
    ],
  },
  {
    name: 'counts only events with the property',
    having: ONE_VALUE,
    events: [...everyTen(1, 1), [20, {}], [30, { t: 1 }]],
    until: 3_600,
    alerts: [[30, 'firing']],
  },
  {
    name: 'is unknown again when samples have left',
    having: { not: ONE_VALUE },
    events: [...everyTen(1, 2, 3), [65, { t: 4 }], [70, { t: 4 }], [75, { t: 4 }]],
    until: 3_600,
    alerts: [
      [20, 'firing'],
      [80, 'resolved'],
    ],
  },
  {
    name: 'with last',
    having: { ...ONE_VALUE, within: undefined, last: 4 },
    events: everyTen(1, 2, 2, 2, 2, 2),
    until: 3_600,
    alerts: [[40, 'firing']],
  },
  {
    name: 'only events that match where',
    having: { ...ONE_VALUE, where: [{ property: 't', gt: 0 }] },
    events: everyTen(-1, 1, -1, 1, 1),
    until: 3_600,
    alerts: [[40, 'firing']],
  },
];

describe.each(ROWS)('minSamples of distinct: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});
