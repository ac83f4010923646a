import { expect, it } from 'vitest';
import { ALERT_REASONS } from '../../../../src/core/model/alert/alert.ts';
import { readAction } from '../../../../src/core/alerts/read-action.ts';
import { reportLimit } from '../../../../src/core/alerts/limit-alert.ts';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { act } from '../../../../src/core/evaluation/actions/act.ts';
import { alertsBefore, correctAlerts } from '../../../../src/core/evaluation/correction/correct-alerts.ts';
import { openPartitionSet, takeAlerts } from '../../../../src/core/evaluation/evaluate.ts';
import { driver, EPOCH_MS } from '../../../support/evaluation/driver.ts';

const definition = {
  ...{ id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
};

/** The reasons of a rule that starts to fire, and of its later transitions. */
function reasonsOf(words: object, happens: (set: ReturnType<typeof driver>) => void): string[] {
  const set = driver({ ...definition, ...words });
  set.send(1, { m: 'a', s: 'off' });
  happens(set);
  return set.alerts().map(({ data }) => data.reason);
}

it('a set can produce every alert reason', () => {
  const limited = openPartitionSet({ rule: parseRule(definition), ruleVersion: 1, group: [], atMs: 0 });
  reportLimit(limited, 'groups');
  const snooze = readAction('snooze', { by: 'ana', until: new Date(EPOCH_MS + 10_000).toISOString() }, EPOCH_MS);
  const given = [
    ...reasonsOf({}, (set) => set.send(2, { m: 'a', s: 'on' })),
    ...reasonsOf({ noData: { after: '10s', then: 'resolve' } }, (set) => set.advance(20)),
    ...reasonsOf({ staleAfter: '10s' }, (set) => set.advance(20)),
    ...reasonsOf({ schedule: { timezone: 'UTC', to: '00:01', onClose: 'resolve' } }, (set) => set.advance(60)),
    ...reasonsOf({ forgetOn: [{ property: 's', equals: 'gone' }] }, (set) => set.send(2, { m: 'a', s: 'gone' })),
    ...reasonsOf({}, (set) => set.change({ partitionBy: ['n'] })),
    ...reasonsOf({}, (set) => set.end(2, 'ruleDisabled')),
    ...reasonsOf({}, (set) => set.end(2, 'ruleDeleted')),
    ...reasonsOf({}, (set) => set.end(2, 'ruleResumed')),
    ...reasonsOf({}, (set) => {
      act(set.set(), snooze, EPOCH_MS);
      set.advance(20);
    }),
    ...reasonsOf({}, (set) => {
      const before = alertsBefore(set.set());
      const empty = openPartitionSet({ rule: parseRule(definition), ruleVersion: 1, group: [], atMs: EPOCH_MS });
      set.alerts().push(...takeAlerts(correctAlerts(empty, before)));
    }),
    ...takeAlerts(limited).map(({ data }) => data.reason),
  ];
  expect([...new Set(given)].sort()).toEqual([...ALERT_REASONS].sort());
});
