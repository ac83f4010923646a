import { beforeEach, describe, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../src/api/api.ts';
import type { ActionInput, AlertAction } from '../../../../src/core/model/alert/operator-action.ts';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import type { Scalar } from '../../../../src/core/primitives/value.ts';
import { alertOf, fakeVigil, type FakeVigil } from '../../fakes/fake-ports.ts';

const CLIENT = 'client-01';
const HOT = 'hot-hot-hot-hot-hot-00';
const COLD = 'cold-cold-cold-cold-00';
const WIDE = 'wide-wide-wide-wide-00';
const OTHERS = 'other-other-other-ot-0';

let vigil: FakeVigil;
let api: Hono;

beforeEach(() => {
  vigil = fakeVigil();
  api = createApi(vigil.deps);
  const labels = { team: 'line-1' };
  vigil.alerts.add(HOT, alertOf({ clientId: CLIENT, ruleId: 'hot', partition: { machineId: 'm1' }, labels }));
  vigil.alerts.add(COLD, alertOf({ clientId: CLIENT, ruleId: 'cold', severity: 'info' }));
  vigil.alerts.add(COLD, alertOf({ clientId: CLIENT, ruleId: 'cold', severity: 'info', status: 'resolved' }));
  vigil.alerts.add(OTHERS, alertOf({ clientId: 'client-02', ruleId: 'hot' }));
});

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await api.request(`/api/clients/${CLIENT}/alerts${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const idsOf = (body: Record<string, unknown>): string[] => (body['alerts'] as { id: string }[]).map(({ id }) => id);

it.each([
  ['what fires now', '', [HOT]],
  ['all, the newest change first', '?state=all', [COLD, HOT]],
  ['those of a rule', '?state=all&rule=cold', [COLD]],
  ['those with a severity', '?state=all&severity=info', [COLD]],
  ['those with one of several severities', '?state=all&severity=info&severity=critical', [COLD, HOT]],
  ['those with a label', '?label=team=line-1', [HOT]],
  ['none with another label', '?label=team=line-2', []],
  ['those with a text in the message', '?state=all&text=COLD', [COLD]],
  ['those with a text in the partition', '?text=m1', [HOT]],
])('lists %s', async (_what, query, ids) => {
  const { status, body } = await get(query);
  expect([status, idsOf(body), body['next']]).toEqual([200, ids, null]);
});

it('lists in pages', async () => {
  const first = await get('?state=all&limit=1');
  const second = await get(`?state=all&limit=1&cursor=${String(first.body['next'])}`);
  expect([idsOf(first.body), idsOf(second.body), second.body['next']]).toEqual([[COLD], [HOT], null]);
});

it('shows the life of an alert', async () => {
  const { body } = await get(`/${COLD}`);
  expect(body).toMatchObject({
    id: COLD,
    ruleId: 'cold',
    state: 'resolved',
    omitted: 0,
    transitions: [
      { sequence: 2, status: 'firing', evidence: { total: 0 } },
      { sequence: 3, status: 'resolved' },
    ],
  });
});

it.each([
  ['an unknown alert', `/${HOT.replace('0', '1')}`, 404, 'ALERT_NOT_FOUND'],
  ['an alert of another client', `/${OTHERS}`, 404, 'ALERT_NOT_FOUND'],
  ['what is no id', '/a*', 400, 'REQUEST_INVALID'],
  ['an unknown state', '?state=closed', 400, 'REQUEST_INVALID'],
  ['a rule with a wildcard', '?rule=*', 400, 'REQUEST_INVALID'],
  ['a cursor of another list', '?cursor=abc', 400, 'REQUEST_INVALID'],
])('refuses %s', async (_what, path, status, code) => {
  const answer = await get(path);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

describe('actions', () => {
  const asked: [AlertAction, ActionInput][] = [];
  const until = '2030-01-01T00:00:00.000Z';
  beforeEach(() => {
    asked.length = 0;
    vigil.acting.set(`${CLIENT}/hot/1/firing`, (action, input) => {
      asked.push([action, input]);
      if (input.by === 'nobody') throw new VigilError('ALERT_NOT_FIRING', 'It does not.');
      return {
        changed: true,
        partition: {},
        episode: 1,
        state: 'firing',
        severity: 'info',
        acknowledged: { by: input.by, at: until },
      };
    });
  });
  const post = async (path: string, body: object) => {
    const answer = await api.request(`/api/clients/${CLIENT}/alerts/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it.each<[AlertAction, object]>([
    ['acknowledge', { by: 'ana', note: 'on it' }],
    ['unacknowledge', { by: 'ana' }],
    ['snooze', { by: 'ana', until }],
    ['unsnooze', { by: 'ana' }],
  ])('%s reaches the workflow of the alert, for its partition and episode', async (action, input) => {
    const { status, body } = await post(`${HOT}/${action}`, input);
    expect([status, body]).toEqual([
      200,
      { id: HOT, changed: true, state: 'firing', acknowledged: { by: 'ana', at: until } },
    ]);
    expect(asked).toEqual([[action, { ...input, partition: { machineId: 'm1' }, episode: 1 }]]);
  });

  it('name a partition of many digits in the form that a workflow takes', async () => {
    // As parseJson reads it from the record of the alert.
    const partition = { machineId: 9007199254740993n as unknown as Scalar };
    vigil.alerts.add(WIDE, alertOf({ clientId: CLIENT, ruleId: 'hot', partition }));
    await post(`${WIDE}/acknowledge`, { by: 'ana' });
    expect(asked).toMatchObject([['acknowledge', { partition: { machineId: { int: '9007199254740993' } } }]]);
  });

  it('may be for many alerts; a problem of one concerns no other', async () => {
    const { body } = await post('acknowledge', { by: 'ana', ids: [HOT, OTHERS] });
    expect(body['alerts']).toMatchObject([
      { id: HOT, changed: true },
      { id: OTHERS, problem: { code: 'ALERT_NOT_FOUND' } },
    ]);
  });

  it.each([
    ['nobody who acts', `${HOT}/acknowledge`, {}, 400, 'REQUEST_INVALID'],
    ['an unknown word', `${HOT}/acknowledge`, { by: 'ana', why: 1 }, 400, 'REQUEST_INVALID'],
    ['an end that is no time', `${HOT}/snooze`, { by: 'ana', until: 'soon' }, 400, 'REQUEST_INVALID'],
    ['no ids', 'snooze', { by: 'ana', until, ids: [] }, 400, 'REQUEST_INVALID'],
    ['an alert of another client', `${OTHERS}/snooze`, { by: 'ana', until }, 404, 'ALERT_NOT_FOUND'],
    ['what the workflow refuses', `${HOT}/acknowledge`, { by: 'nobody' }, 409, 'ALERT_NOT_FIRING'],
  ])('refuse %s', async (_what, path, input, status, code) => {
    const answer = await post(path, input);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });
});

it('builds the records again', async () => {
  const answer = await api.request('/api/alerts/rebuild', { method: 'POST' });
  expect([answer.status, vigil.alerts.rebuilds()]).toEqual([202, 1]);
});
