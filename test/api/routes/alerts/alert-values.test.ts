import { beforeEach, expect, it } from 'vitest';
import { createApi } from '../../../../src/api/api.ts';
import type { Rule } from '../../../../src/core/model/rule/rule-schema.ts';
import { alertOf, fakeVigil, type FakeVigil } from '../../fakes/fake-ports.ts';

const CLIENT = 'client-01';
const HOT = 'hot-hot-hot-hot-hot-00';
const MINUTE_MS = 60_000;
const RULE: Rule = {
  id: 'hot',
  clientId: CLIENT,
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'celsius', gt: 80 } },
};

let vigil: FakeVigil;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
beforeEach(() => {
  vigil = fakeVigil({ rules: [RULE] });
  const data = { clientId: CLIENT, ruleId: 'hot', partition: { machineId: 'm1' }, startsAt: ago(20) };
  vigil.alerts.add(HOT, alertOf(data));
});
const send = (minutes: number, celsius: number, machineId = 'm1', clientId = CLIENT): void =>
  vigil.archive.store(clientId, 'temperature', { machineId, celsius }, minutes * MINUTE_MS);
const values = async (id = HOT) => {
  const answer = await createApi(vigil.deps).request(`/api/clients/${CLIENT}/alerts/${id}/values`);
  return { status: answer.status, body: (await answer.json()) as Answer };
};
interface Answer {
  points: { value: number | null }[];
  isWhole: boolean;
  from: string;
  code?: string;
}

it('lists the values of the partition, from before the alert on, with the thresholds', async () => {
  send(50, 1);
  send(30, 70);
  send(25, 75, 'm2');
  send(25, 75, 'm1', 'client-02');
  send(20, 85);
  const { status, body } = await values();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ...{ property: 'celsius', calc: 'latest', text: 'latest(celsius)', isWhole: true },
    thresholds: [{ word: 'gt', value: 80, severity: 'warning' }],
  });
  expect(body.points.map(({ value }) => value)).toEqual([null, null, 70, 85, 85]);
  // As long before it as it has lasted.
  expect(Math.round((Date.now() - Date.parse(body.from)) / MINUTE_MS)).toBe(40);
});

it('lists the values of the calculation, which reads what its window needs', async () => {
  const having = { calc: 'avg', property: 'celsius', within: '10m', gt: 80 } as const;
  await vigil.deps.rules.put({ ...RULE, evaluate: { type: 'each', having } });
  send(45, 60);
  send(38, 100);
  send(37, 1, 'm2');
  const { body } = await values();
  expect(body).toMatchObject({ calc: 'avg', text: 'avg(celsius, 10m)' });
  const changes = body.points.map(({ value }) => value).filter((value, index, all) => value !== all[index - 1]);
  expect(changes).toEqual([60, 80, 100, null]);
  expect(vigil.archive.readings[0]?.sinceMs).toBe(Date.parse(body.from) - 10 * MINUTE_MS);
});

it('reads at most 50,000 events, and says that there are more', async () => {
  for (let count = 0; count < 50_001; count += 1) send(15, count);
  const { body } = await values();
  expect([body.isWhole, body.points.length <= 500, body.points.at(-1)?.value]).toEqual([false, true, 49_999]);
});

it('has no values where the rule compares no numbers, and reads nothing', async () => {
  const having = { calc: 'latest', property: 'state', equals: 'stopped' } as const;
  await vigil.deps.rules.put({ ...RULE, evaluate: { type: 'each', having } });
  const { body } = await values();
  expect([body, vigil.archive.readings]).toEqual([expect.objectContaining({ text: null, points: [] }), []]);
});

it('has none without the rule or the alert', async () => {
  await vigil.deps.rules.delete(CLIENT, 'hot');
  expect((await values()).body.code).toBe('RULE_NOT_FOUND');
  expect((await values('other-other-other-ot-0')).body.code).toBe('ALERT_NOT_FOUND');
});
