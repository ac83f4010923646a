import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { connectUser, summary, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const PATIENT = { timeout: 30_000, interval: 50 };
const RULE = parseRule({
  ...{ id: 'hot', clientId: CLIENT, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
});

let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [user, temporal] = await Promise.all([
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await user.close();
  await temporal.connection.close();
});

const open = async ({ app }: TestVigil): Promise<{ id: string }[]> => {
  const answer = await fetch(`${app.url}/api/clients/${CLIENT}/alerts`);
  return ((await answer.json()) as { alerts: { id: string }[] }).alerts;
};

async function closeOrphaned({ app }: TestVigil, body: object): Promise<unknown> {
  const address = `${app.url}/api/clients/${CLIENT}/alerts/close-orphaned`;
  const answer = await fetch(address, { method: 'POST', body: JSON.stringify({ by: 'ana', ...body }) });
  return answer.json();
}

it('alerts whose workflow and rule are gone are closed once, when an operator says so', async () => {
  const whole = await startVigil({ servers });
  const alerts = await user.listen(CLIENT, RULE.id);
  await whole.put(RULE);
  for (const m of ['a', 'b']) await user.send(CLIENT, { m, t: 90 });
  await vi.waitFor(async () => expect(await open(whole)).toHaveLength(2), PATIENT);
  expect(await closeOrphaned(whole, {})).toMatchObject({ alerts: [] });
  await whole.stop();

  // Nobody is there who would start the workflow again, or end it with its rule.
  const rest = await startVigil({ servers, env: { VIGIL_PARTS: 'alerts' } });
  await temporal.workflow.getHandle(partitionSetIds(RULE).of([])).terminate();
  expect(await closeOrphaned(rest, {})).toMatchObject({ alerts: [] });
  await rest.remove(CLIENT, RULE.id);

  const orphans = { alerts: [{ why: 'noPartitionSet' }, { why: 'noPartitionSet' }], next: null };
  expect(await closeOrphaned(rest, { dryRun: true })).toMatchObject({ dryRun: true, ...orphans });
  // Both at the same time: the stream drops what comes twice.
  const both = await Promise.all([closeOrphaned(rest, {}), closeOrphaned(rest, {})]);
  expect(both).toContainEqual(expect.objectContaining({ dryRun: false }));
  await vi.waitFor(async () => expect(await open(rest)).toEqual([]), PATIENT);
  expect(await closeOrphaned(rest, {})).toMatchObject({ alerts: [] });
  await rest.stop();

  // Nor does vigil publish anything when its other parts are back.
  const back = await startVigil({ servers });
  await back.stop();
  const ends = ['resolved #1 operator', 'resolved #1 operator'];
  expect(summary(alerts)).toEqual(['firing #1 condition', 'firing #1 condition', ...ends]);
});
