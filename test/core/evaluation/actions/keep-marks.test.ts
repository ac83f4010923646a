import { expect, it } from 'vitest';
import { readAction } from '../../../../src/core/alerts/read-action.ts';
import { act } from '../../../../src/core/evaluation/actions/act.ts';
import {
  keepMarks,
  putOwnMarksBack,
  putPartitionMarksBack,
} from '../../../../src/core/evaluation/actions/keep-marks.ts';
import type { AlertState } from '../../../../src/core/model/partition-set/partition-set-state.ts';
import { driver, EPOCH_MS } from '../../../support/evaluation/driver.ts';

const rule = (type: 'any' | 'each') => ({
  ...{ id: 'stopped', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  evaluate: { type, having: { calc: 'latest', property: 's', equals: 'off' } },
});
const until = new Date(EPOCH_MS + 60_000).toISOString();

/** A set whose second episode is acknowledged and snoozed, and the same set rebuilt from these events. */
function rebuilt(
  type: 'any' | 'each',
  events: readonly string[],
): { alert: AlertState | undefined; set: ReturnType<typeof driver> } {
  const lost = driver(rule(type));
  for (const s of ['off', 'on', 'off']) lost.send(1, { m: 'a', s });
  const partition = type === 'each' ? { partition: { m: 'a' } } : {};
  act(lost.set(), readAction('acknowledge', { by: 'ana', ...partition }, EPOCH_MS), EPOCH_MS);
  act(lost.set(), readAction('snooze', { by: 'bob', until, ...partition }, EPOCH_MS), EPOCH_MS);
  const marks = keepMarks(lost.set());
  if (marks === undefined) throw new Error('marks are expected');
  const set = driver(rule(type));
  putOwnMarksBack(set.set(), marks);
  for (const s of events) set.send(1, { m: 'a', s });
  putPartitionMarksBack(set.set(), marks);
  const { alert, partitions } = set.state();
  return { alert: type === 'each' ? partitions['["a"]']?.alert : alert, set };
}

it.each(['any', 'each'] as const)('a rebuilt set (%s) has the marks of the episode that still fires', (type) => {
  const { alert, set } = rebuilt(type, ['off', 'on', 'off']);
  expect(alert).toMatchObject({ episode: 2, acknowledged: { by: 'ana' }, snoozed: { by: 'bob' } });
  expect(alert).not.toHaveProperty('reacknowledge');
  expect(set.nextDeadline()).toBe(60);
});

it.each(['any', 'each'] as const)('of a later episode (%s) it has only the snooze', (type) => {
  const { alert } = rebuilt(type, ['off', 'on', 'off', 'on', 'off']);
  expect(alert).toMatchObject({ episode: 3, snoozed: { by: 'bob' } });
  expect(alert).not.toHaveProperty('acknowledged');
});

it('its alerts are snoozed from the start, where the set has one alert', () => {
  const { set } = rebuilt('any', ['off', 'on', 'off']);
  const shown = set.alerts().map(({ data }) => [data.status, data.acknowledged?.by, data.snoozed?.by]);
  expect(shown).toEqual([
    ['firing', undefined, 'bob'],
    ['resolved', undefined, 'bob'],
    ['firing', 'ana', 'bob'],
  ]);
});

it('a set without marks keeps none', () => {
  const set = driver(rule('any'));
  set.send(1, { m: 'a', s: 'off' });
  expect(keepMarks(set.set())).toBeUndefined();
});
