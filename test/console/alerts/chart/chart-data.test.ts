import type { z } from '@hono/zod-openapi';
import { expect, expectTypeOf, test } from 'vitest';
import type { alertValues } from '../../../../src/api/schemas/alerts/alert-values.ts';
import { chartData, chartText, tickText } from '../../../../src/console/alerts/chart/chart-data.ts';
import { withLocalTimes } from '../../../../src/console/design/time/time.ts';
import type { AlertRecord, AlertValues } from '../../../../src/console/server/wire.ts';

const time = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
const VALUES: AlertValues = {
  ...{ property: 'celsius', calc: 'latest', text: 'latest(celsius)', from: time(0), to: time(30), isWhole: true },
  thresholds: [{ word: 'gt', value: 80, severity: 'critical' }],
  points: [70, 90, 85].map((value, index) => ({ at: time(index * 10), value })),
};
const ALERT = { startsAt: time(10), endsAt: null } as AlertRecord;

test('the type of the values is that of the API', () => {
  expectTypeOf<z.infer<typeof alertValues>>().toExtend<AlertValues>();
});

test('the chart has room for values and thresholds, and the time of the firing', () => {
  const data = chartData({ ...VALUES, points: VALUES.points.slice(0, 1) }, ALERT);
  expect(data.values).toEqual([70]);
  expect(data.range).toEqual([69, 81]);
  const seconds = (minute: number): number => Date.parse(time(minute)) / 1_000;
  expect(data.firing).toEqual({ from: seconds(10), to: seconds(30) });
  expect(chartData(VALUES, { ...ALERT, endsAt: time(20) }).firing?.to).toBe(seconds(20));
  expect(chartData(VALUES, { ...ALERT, startsAt: null }).firing).toBeNull();
});

test('the chart of equal values has a height', () => {
  const [least, most] = chartData({ ...VALUES, thresholds: [], points: [{ at: time(1), value: 0 }] }, ALERT).range;
  expect(most).toBeGreaterThan(least);
});

test.each<[string, AlertValues, RegExp]>([
  ['its values', VALUES, /^celsius from .* the least is 70, the greatest 90, the last 85\. .*above 80.*It fires from/],
  ['that there are none', { ...VALUES, points: [] }, /^celsius has no value in this time\.$/],
  ['that some are missing', { ...VALUES, isWhole: false }, /Not all events/],
  ['what is calculated', { ...VALUES, calc: 'avg', text: 'avg(celsius, 5m)' }, /^avg\(celsius, 5m\) from/],
  ['six digits at most', { ...VALUES, points: [{ at: time(29), value: 250 / 3 }] }, /the last 83.3333\./],
  ['only what is known', { ...VALUES, points: [...VALUES.points, { at: time(29), value: null }] }, /the last 85/],
])('in words, the chart says %s', (_what, values, text) => expect(chartText(values, ALERT)).toMatch(text));

test('times in a text are local', () => {
  const text = withLocalTimes(`m1: firing since ${time(5)}.`);
  expect(text).not.toContain('T12');
  expect(text).toMatch(/^m1: firing since .*\d\d:05:00\.$/);
});

test.each([
  [60, /^\d\d:05$/],
  [30, /^\d\d:05:00$/],
])('a time below the chart has seconds if the next is less than a minute away: %i s', (stepS, text) =>
  expect(tickText(Date.parse(time(5)) / 1_000, stepS)).toMatch(text),
);
