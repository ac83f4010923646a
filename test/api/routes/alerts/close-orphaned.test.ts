import { beforeEach, expect, it } from 'vitest';
import { createApi } from '../../../../src/api/api.ts';
import { explain } from '../../../../src/core/explain/explain.ts';
import type { Explanation } from '../../../../src/core/explain/explanation.ts';
import { driver } from '../../../support/evaluation/driver.ts';
import { alertOf, fakeVigil, machineRule, type FakeVigil } from '../../fakes/fake-ports.ts';

const CLIENT = 'client-01';
const PATH = `/api/clients/${CLIENT}/alerts/close-orphaned`;
const RULE = machineRule(CLIENT, 'kept');
const setOf = (ruleId: string): string => `${CLIENT}/rules/${ruleId}/type=status&machineId=*`;

let vigil: FakeVigil;
beforeEach(() => {
  vigil = fakeVigil({ rules: [RULE, { ...machineRule(CLIENT, 'disabled'), enabled: false }] });
});

/** An alert that fires, of a set of this generation. */
function fires(ruleId: string, { generation = 'v1', set = setOf(ruleId), id = `${ruleId}-id` } = {}): void {
  const alert = alertOf({ clientId: CLIENT, ruleId });
  vigil.alerts.add(id, { ...alert, id: `${set}#${generation}.1:firing` });
}

const run = (ruleId: string, more: Partial<Explanation> = {}): unknown =>
  vigil.running.set(setOf(ruleId), (request) => ({ ...explain(driver(RULE).set(), request), ...more }));

async function close(body: object = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await createApi(vigil.deps).request(PATH, {
    method: 'POST',
    body: JSON.stringify({ by: 'ana', ...body }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const ended = (): string[] => vigil.alerts.closed.map(({ id }) => id);

it.each<[what: string, arrange: () => void, why: string | null]>([
  ['its rule is gone, and its set', () => fires('gone'), 'noPartitionSet'],
  ['its rule is disabled, and its set is gone', () => fires('disabled'), 'noPartitionSet'],
  ['its rule has another `where` now', () => fires('kept', { set: `${CLIENT}/rules/kept/old` }), 'noPartitionSet'],
  ['its set has begun anew', () => (fires('kept', { generation: 'v0' }), run('kept')), 'begunAnew'],
  ['its set runs', () => (fires('kept'), run('kept')), null],
  ['its set does not run, and vigil starts it again', () => fires('kept'), null],
  ['its rule is deleted, and its set still runs', () => (fires('gone'), run('gone')), null],
  [
    'its set is being rebuilt',
    () => (fires('kept', { generation: 'v0' }), run('kept', { rebuilding: { reason: 'begunAnew', since: '' } })),
    null,
  ],
  [
    'its set is answered by an older worker',
    () => (fires('kept'), run('kept', { generation: undefined as never })),
    null,
  ],
  ['another program has published it', () => vigil.alerts.add('x', alertOf({ clientId: CLIENT, ruleId: 'x' })), null],
])('closes an alert only if nothing decides it: %s', async (_what, arrange, why) => {
  arrange();
  const { body } = await close();
  expect(body).toMatchObject({ dryRun: false, alerts: why === null ? [] : [{ why }], next: null });
  expect(ended()).toHaveLength(why === null ? 0 : 1);
});

it('publishes the end of each, and says who closed it', async () => {
  fires('gone');
  expect(await close()).toMatchObject({
    status: 200,
    body: { alerts: [{ id: 'gone-id', ruleId: 'gone', partitionSetId: setOf('gone') }] },
  });
  expect(vigil.alerts.closed).toMatchObject([
    { id: `${setOf('gone')}#v1.1:resolved`, data: { status: 'resolved', reason: 'operator', action: { by: 'ana' } } },
  ]);
  expect(vigil.audit).toMatchObject([{ action: 'closeOrphanedAlerts', alertId: 'gone-id', ruleId: 'gone', by: 'ana' }]);
});

it('only lists them in a dry run', async () => {
  fires('gone');
  expect((await close({ dryRun: true })).body).toMatchObject({ dryRun: true, alerts: [{ id: 'gone-id' }] });
  expect(ended()).toEqual([]);
});

it('goes through many, some at a time', async () => {
  for (let index = 0; index < 501; index += 1) fires('gone', { id: `gone-${index}` });
  const first = await close({ dryRun: true });
  const second = await close({ dryRun: true, cursor: first.body['next'] });
  expect([first.body, second.body]).toMatchObject([{ alerts: { length: 500 } }, { alerts: { length: 1 }, next: null }]);
});

it.each([
  ['nobody', { by: '' }],
  ['the cursor of another list', { cursor: 'WyJydWxlcyIsIngiXQ' }],
])('refuses %s', async (_what, body) => {
  expect(await close(body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
});
