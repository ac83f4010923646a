import type { z } from '@hono/zod-openapi';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { alertActed, alertList, alertRecord } from '../../../src/api/schemas/alerts/alert-records.ts';
import { requestsFor, resultText, targetsOf, toggleOf } from '../../../src/console/alerts/act/actions.ts';
import { addressOf, isShown, NO_FILTERS, readFilters, type Filters } from '../../../src/console/alerts/list/filters.ts';
import { grouped, inOrder, labelsOf } from '../../../src/console/alerts/list/grouping.ts';
import { SNOOZE_TIMES } from '../../../src/console/alerts/act/snooze-times.ts';
import { alertsOf, FIRST_STATE, reduce, type Change } from '../../../src/console/alerts/state.ts';
import { alertAddress, stateWord } from '../../../src/console/alerts/describe.ts';
import { durationText } from '../../../src/console/design/time/time.ts';
import type { AlertActed, AlertRecord, AlertSummary } from '../../../src/console/server/wire.ts';

const NOW_MS = Date.parse('2026-01-01T12:00:00.000Z');
const ana = { by: 'ana', at: '2026-01-01T11:00:00.000Z' };
const snoozedUntil = (until: string) => ({ snoozed: { ...ana, until } });
const alert = (id: string, fields: Partial<AlertSummary> = {}): AlertSummary => ({
  ...{ id, clientId: 'client-01', ruleId: 'hot', group: {}, partition: {}, episode: 1, state: 'firing' },
  ...{ status: 'firing', sequence: 1, severity: 'warning', message: `${id} is hot`, labels: {} },
  ...{ startsAt: '2026-01-01T10:00:00.000Z', endsAt: null, updatedAt: '2026-01-01T10:00:00.000Z' },
  ...fields,
});
const idsOf = (alerts: readonly AlertSummary[]): string[] => alerts.map(({ id }) => id);

test('the API types match the types of the console', () => {
  expectTypeOf<z.infer<typeof alertList>['alerts'][number]>().toExtend<AlertSummary>();
  expectTypeOf<z.infer<typeof alertRecord>>().toExtend<AlertRecord>();
  expectTypeOf<z.infer<typeof alertActed>>().toExtend<AlertActed>();
});

describe('the address of the list', () => {
  test.each<[string, Partial<Filters>]>([
    ['/alerts', {}],
    ['/alerts?state=all', { state: 'all' }],
    ['/alerts?client=client-01&severity=critical', { client: 'client-01', severity: 'critical' }],
    ['/alerts?text=a%26b+c', { text: 'a&b c' }],
    ['/alerts?acknowledged=no&snoozed=yes', { acknowledged: 'no', snoozed: 'yes' }],
    ['/alerts?group=label%3Ateam&order=severity', { group: 'label:team', order: 'severity' }],
  ])('%s is that of its filters, and is read as them', (address, change) => {
    const filters = { ...NO_FILTERS, ...change };
    expect(addressOf(filters)).toBe(address);
    expect(readFilters(Object.fromEntries(new URL(address, 'http://x').searchParams))).toEqual(filters);
  });

  test.each([{ state: 'x' }, { severity: 'high' }, { group: 'label:' }, { order: '' }, { snoozed: 'maybe' }])(
    '%j counts as absent',
    (query) => expect(readFilters(query as unknown as Record<string, string>)).toEqual(NO_FILTERS),
  );

  test('that of an alert takes any characters', () => {
    expect(alertAddress({ clientId: 'client-01', id: 'a/b c?#' })).toBe('/alerts/client-01/a%2Fb%20c%3F%23');
  });
});

describe('the list shows', () => {
  const own = alert('m1', {
    ...{ severity: 'critical', partition: { machineId: 'press-7', line: 3 }, labels: { team: 'blue' } },
    ...{ acknowledged: ana, ...snoozedUntil('2026-01-01T13:00:00.000Z') },
  });
  const shows = (change: Partial<Filters>, of = own): boolean => isShown(of, { ...NO_FILTERS, ...change }, NOW_MS);

  test.each<[Partial<Filters>, boolean]>([
    [{}, true],
    [{ client: 'client-01' }, true],
    [{ client: 'client-0' }, false],
    [{ severity: 'critical' }, true],
    [{ severity: 'warning' }, false],
    [{ acknowledged: 'yes' }, true],
    [{ acknowledged: 'no' }, false],
    [{ snoozed: 'yes' }, true],
    [{ snoozed: 'no' }, false],
    [{ text: 'HOT' }, true],
    [{ text: 'press-7 blue' }, true],
    [{ text: 'line=3' }, true],
    [{ text: 'press-8' }, false],
  ])('%j: %s', (change, shown) => expect(shows(change)).toBe(shown));

  test('a snooze until its end', () => {
    const over = { ...own, ...snoozedUntil('2026-01-01T12:00:00.000Z') };
    expect(shows({ snoozed: 'yes' }, over)).toBe(false);
    expect(shows({ snoozed: 'no' }, over)).toBe(true);
  });

  test('what does not fire only in the history', () => {
    for (const state of ['resolved', 'notice'] as const) {
      expect(shows({}, { ...own, state })).toBe(false);
      expect(shows({ state: 'all' }, { ...own, state })).toBe(true);
    }
  });
});

describe('order and groups', () => {
  const alerts = [
    alert('a', { startsAt: '2026-01-01T10:00:00.000Z', severity: 'critical', labels: { team: 'blue' } }),
    alert('b', { startsAt: '2026-01-01T12:00:00.000Z', severity: 'info', ruleId: 'cold' }),
    alert('c', { startsAt: '2026-01-01T11:00:00.000Z', severity: 'critical', clientId: 'client-02' }),
  ];
  test('newest first, or the most severe first and of these the newest', () => {
    expect(idsOf(inOrder(alerts, 'newest'))).toEqual(['b', 'c', 'a']);
    expect(idsOf(inOrder(alerts, 'severity'))).toEqual(['c', 'a', 'b']);
  });

  test.each([
    ['', { '': ['a', 'b', 'c'] }],
    ['rule', { 'client-01 / hot': ['a'], 'client-01 / cold': ['b'], 'client-02 / hot': ['c'] }],
    ['client', { 'client-01': ['a', 'b'], 'client-02': ['c'] }],
    ['label:team', { 'team: blue': ['a'], 'without team': ['b', 'c'] }],
    ['label:toString', { 'without toString': ['a', 'b', 'c'] }],
  ])('grouped by "%s"', (by, groups) => {
    expect(Object.fromEntries(grouped(alerts, by).map((group) => [group.name, idsOf(group.alerts)]))).toEqual(groups);
  });

  test('labels are those of all alerts, each once', () => {
    expect(labelsOf([...alerts, alert('d', { labels: { team: 'red', line: '1' } })])).toEqual(['line', 'team']);
  });
});

describe('actions', () => {
  const [free, taken, over] = [
    alert('free'),
    alert('taken', { acknowledged: ana, ...snoozedUntil('2026-01-01T13:00:00.000Z') }),
    alert('over', { state: 'resolved' }),
  ];
  test('acknowledge whatever is not; only if all are, take it back', () => {
    expect(toggleOf([free])).toBe('acknowledge');
    expect(toggleOf([free, taken])).toBe('acknowledge');
    expect(toggleOf([taken])).toBe('unacknowledge');
  });

  test.each([
    ['acknowledge', ['free']],
    ['unacknowledge', ['taken']],
    ['snooze', ['free', 'taken']],
    ['unsnooze', ['taken']],
  ] as const)('%s concerns %j', (action, ids) => {
    expect(idsOf(targetsOf([free, taken, over], { action }, NOW_MS))).toEqual(ids);
  });

  test('go to each client, at most 100 alerts at once', () => {
    const many = Array.from({ length: 101 }, (_, index) => alert(String(index)));
    const requests = requestsFor([...many, alert('x', { clientId: 'client-02' })]);
    expect(requests.map(({ clientId, alerts }) => [clientId, alerts.length])).toEqual([
      ['client-01', 100],
      ['client-01', 1],
      ['client-02', 1],
    ]);
    expect(requests.flatMap(({ alerts }) => alerts)).toHaveLength(102);
  });

  test('say how many were changed, and why others were not', () => {
    const done = (id: string): AlertActed => ({ id, changed: true, state: 'firing' });
    const refused = { id: 'c', problem: { title: 'It is over.', detail: 'Read the list again.' } };
    expect(resultText('acknowledge', [done('a')])).toEqual({ text: '1 alert acknowledged.', bad: false });
    expect(resultText('snooze', [done('a'), done('b')])).toEqual({ text: '2 alerts snoozed.', bad: false });
    expect(resultText('snooze', [done('a'), refused])).toEqual({
      text: '1 alert snoozed. 1 refused it: It is over. Read the list again.',
      bad: true,
    });
    expect(resultText('snooze', [refused]).text).toBe('1 refused it: It is over. Read the list again.');
  });

  test('a snooze ends after 15 minutes, an hour, 4 hours, or tomorrow at 8:00 of the local time', () => {
    const now = new Date(2026, 11, 31, 22, 30, 15);
    expect(SNOOZE_TIMES.map(({ until }) => until(now))).toEqual([
      new Date(2026, 11, 31, 22, 45, 15),
      new Date(2026, 11, 31, 23, 30, 15),
      new Date(2027, 0, 1, 2, 30, 15),
      new Date(2027, 0, 1, 8),
    ]);
  });
});

describe('the alerts that the page knows', () => {
  const after = (...changes: Change[]) => changes.reduce(reduce, FIRST_STATE);
  const list = (...alerts: AlertSummary[]): Change => ({ type: 'list', clientId: 'client-01', alerts });
  const acknowledged = (of: AlertSummary, state: 'firing' | 'inactive' = 'firing'): Change => ({
    ...{ type: 'acted', alerts: [of] },
    results: [{ id: of.id, changed: true, state, acknowledged: ana }],
  });
  const a = alert('a', { sequence: 4 });

  test('are those of the newest lists of clients that exist', () => {
    const state = after(
      { type: 'list', clientId: 'client-02', alerts: [alert('b', { clientId: 'client-02' })] },
      list(a),
      list(alert('c')),
      { type: 'complete', clientIds: ['client-01'] },
    );
    expect(idsOf(alertsOf(state))).toEqual(['c']);
    expect([FIRST_STATE.isComplete, state.isComplete]).toEqual([false, true]);
  });

  test('have the result of an action, although an older list comes after it', () => {
    expect(alertsOf(after(list(a), acknowledged(a), list(a)))).toMatchObject([{ id: 'a', acknowledged: ana }]);
  });

  test('are as a list says with a newer transition', () => {
    const newer = { ...a, sequence: 5 };
    expect(alertsOf(after(list(a), acknowledged(a), list(newer)))).toEqual([newer]);
  });

  test('forget the result once the alert is not listed', () => {
    expect(after(list(a), acknowledged(a), list()).acted.size).toBe(0);
  });

  test('that are latched end when somebody acknowledges them', () => {
    expect(alertsOf(after(list(a), acknowledged(a, 'inactive')))).toMatchObject([{ state: 'resolved' }]);
  });

  test('do not change by a refused action', () => {
    const refused: Change = { type: 'acted', alerts: [a], results: [{ id: 'a', problem: {} }] };
    expect(alertsOf(after(list(a), refused))).toEqual([a]);
  });
});

test('a latched alert says so while it fires', () => {
  const latched = alert('a', { stoppedAt: '2026-01-01T11:00:00.000Z' });
  expect([stateWord(alert('a')), stateWord(latched), stateWord({ ...latched, state: 'resolved' })]).toEqual([
    ...['firing', 'latched', 'resolved'],
  ]);
});

test.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [7_199_999, '1 h'],
  [2 * 86_400_000, '2 d'],
])('%i ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));
