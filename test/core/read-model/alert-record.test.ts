import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { AlertEnvelope, AlertStatus } from '../../../src/core/model/alert/alert.ts';
import {
  isComplete,
  isTransition,
  TRANSITIONS_MAX,
  withTransition,
  type AlertRecord,
} from '../../../src/core/read-model/alert-record.ts';
import { episodeOf } from '../../../src/core/read-model/episode-key.ts';

const SET = 'client-01/rules/hot/type=status';

function message(status: AlertStatus, second: number, data: Partial<AlertEnvelope['data']> = {}): AlertEnvelope {
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return {
    specversion: '1.0',
    id: `${SET}/machineId=m1#abc.7.1:${status}@${second}`,
    source: '/vigil/client-01/hot',
    type: 'vigil.alert.v1',
    subject: 'machineId=m1',
    time,
    datacontenttype: 'application/json',
    data: {
      clientId: 'client-01',
      ruleId: 'hot',
      ruleVersion: 7,
      group: {},
      partition: { machineId: 'm1' },
      episode: 1,
      status,
      reason: 'condition',
      state: status === 'resolved' ? 'inactive' : 'firing',
      severity: 'warning',
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: status === 'resolved' ? time : null,
      evaluatedAt: time,
      message: `${status} at ${second}`,
      labels: {},
      evidence: { items: [], total: second },
      ...data,
    },
  };
}

const recordOf = (messages: readonly (readonly [AlertEnvelope, number])[]): AlertRecord | null =>
  messages.reduce<AlertRecord | null>((record, [alert, sequence]) => withTransition(record, alert, sequence), null);

const LIFE = (['firing', 'severity', 'reminder', 'resolved'] as const).map(
  (status, index) => [message(status, index), index + 1] as const,
);

describe('the record of an alert', () => {
  it('has what the newest message says, and every transition', () => {
    const record = recordOf(LIFE.slice(0, 2));
    expect(record).toMatchObject({
      partitionSetId: SET,
      partition: { machineId: 'm1' },
      state: 'firing',
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: null,
      updatedAt: '2026-01-01T00:00:01.000Z',
      message: 'severity at 1',
    });
    expect(record?.transitions.map(({ status }) => status)).toEqual(['firing', 'severity']);
  });

  it('is resolved at the end', () => {
    expect(recordOf(LIFE)).toMatchObject({ state: 'resolved', endsAt: '2026-01-01T00:00:03.000Z' });
  });

  it('says what the alert says, not what people did about it', () => {
    const marks = (['acknowledged', 'snoozed', 'unsnoozed'] as const).map(
      (status, index) => [message(status, index + 10), index + 10] as const,
    );
    expect(recordOf([...LIFE.slice(0, 2), ...marks])).toMatchObject({ message: 'severity at 1' });
    expect(recordOf([...marks, ...LIFE])).toMatchObject({ message: 'resolved at 3' });
    expect(recordOf(marks.slice(0, 1))).toMatchObject({ message: 'acknowledged at 10' });
  });

  it('keeps the evidence of the first and the newest transition', () => {
    expect(recordOf(LIFE)?.transitions.map(({ evidence }) => evidence?.total)).toEqual([0, undefined, undefined, 3]);
  });

  test.prop([
    fc.array(fc.nat({ max: LIFE.length - 1 }), { maxLength: 12 }),
    fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
  ])('is the same in whatever order messages arrive, and however often', (repeats, order) => {
    const arrivals = [...order, ...repeats].flatMap((index) => (LIFE[index] === undefined ? [] : [LIFE[index]]));
    // Evidence of what was first or newest for a while is dropped only in one order.
    const withoutEvidence = (record: AlertRecord | null) => ({
      ...record,
      transitions: record?.transitions.map(({ evidence: _evidence, ...others }) => others),
    });
    expect(withoutEvidence(recordOf(arrivals))).toEqual(withoutEvidence(recordOf(LIFE)));
  });

  it('leaves out the oldest transitions but the first when there are too many', () => {
    const reminders = Array.from({ length: TRANSITIONS_MAX + 5 }, (_, index) => message('reminder', index + 1));
    const messages = [message('firing', 0), ...reminders].map((alert, index) => [alert, index + 1] as const);
    const record = recordOf(messages);
    expect(record?.transitions.map(({ sequence }) => sequence).slice(0, 3)).toEqual([1, 8, 9]);
    expect([record?.transitions.length, record?.omitted]).toEqual([TRANSITIONS_MAX, 6]);
    expect(recordOf([...messages, ...messages.slice(1, 5)])).toEqual(record);
  });

  it.each([
    ['a limit', message('limit', 0, { episode: 2 }), 'notice'],
    ['a test alert', message('firing', 0, { episode: 0 }), 'notice'],
    ['an episode whose start is not in the stream', message('reminder', 0), 'firing'],
  ])('says of %s that it is %s', (_what, alert, state) => {
    expect(withTransition(null, alert, 1).state).toBe(state);
  });
});

it('heartbeats are no transitions', () => {
  expect([message('heartbeat', 0), message('reminder', 0)].map(isTransition)).toEqual([false, true]);
});

it.each([
  ['group', null],
  ['partition', 'm1'],
  ['evidence', []],
  ['episode', 'one'],
  ['evaluatedAt', undefined],
])('a message without a proper %s has no record', (field, value) => {
  const alert = message('firing', 0);
  expect(isComplete(alert)).toBe(true);
  expect(isComplete({ ...alert, data: { ...alert.data, [field]: value } })).toBe(false);
});

it.each([
  ['a set', `${SET}#abc.7.1:firing`, {}, `${SET}#abc.7.1`, SET, 'abc.7'],
  ['a partition', `${SET}/a=b,c=d#abc.7.1:resolved`, {}, `${SET}/a=b,c=d#abc.7.1`, SET, 'abc.7'],
  [
    'a group',
    `${SET}/site=x/a=b#abc.7-1a2b.3:severity.2@99`,
    { site: 'x' },
    `${SET}/site=x/a=b#abc.7-1a2b.3`,
    `${SET}/site=x`,
    'abc.7-1a2b',
  ],
  ['names with # and :', `${SET}/a#b:c/d=e#abc.7.1:firing`, {}, `${SET}/a#b:c/d=e#abc.7.1`, SET, 'abc.7'],
  ['a limit', `${SET}#abc.7.1:limit.groups@99`, {}, `${SET}#abc.7.1:limit.groups@99`, SET, null],
  ['another id', 'client-01/test-alert/uuid', {}, 'client-01/test-alert/uuid', 'client-01/test-alert/uuid', null],
])('reads the id of %s', (_what, id, group, key, partitionSetId, generation) => {
  expect(episodeOf(id, group)).toEqual({ key, partitionSetId, generation });
});
