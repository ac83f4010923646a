import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const SIGNALS_PER_RUN = 3;
const PATIENT = { timeout: 30_000, interval: 50 };
const ana = { by: 'ana' };

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    startVigil({ servers, signalsPerRun: SIGNALS_PER_RUN }),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
  expect(vigil.failures).toEqual([]);
});

it('an alert is acknowledged and snoozed from run to run, and the end of the snooze says that it fires', async () => {
  const rule = parseRule({
    ...{ id: 'hot', clientId: CLIENT, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
    evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
    message: 'It is hot',
  });
  const alerts = await user.listen(CLIENT, 'hot');
  const published = (...statuses: string[]): Promise<void> =>
    vi.waitFor(() => expect(alerts.map(({ data }) => data.status)).toEqual(statuses), PATIENT);
  await vigil.put(rule);
  await user.send(CLIENT, { m: 'a', t: 90 });
  await published('firing');

  const sets = createPartitionSetsClient(temporal, 'unused');
  const setId = partitionSetIds(rule).of([]);
  const handle = temporal.workflow.getHandle(setId);
  const { runId: first } = await handle.describe();
  expect(await sets.act(setId, 'acknowledge', { ...ana, note: 'on it' })).toMatchObject({ changed: true, episode: 1 });
  const until = new Date(Date.now() + 2_000).toISOString();
  expect(await sets.act(setId, 'snooze', { ...ana, until })).toMatchObject({ changed: true, state: 'firing' });

  for (const args of [[null], [{}], [{ by: 'ana', until: 'soon' }]] as [unknown][])
    await expect(handle.executeUpdate('snooze', { args })).rejects.toMatchObject({ cause: { type: 'ACTION_INVALID' } });
  await published('firing', 'acknowledged', 'snoozed', 'unsnoozed');
  const last = alerts.at(-1)?.data;
  expect(last).toMatchObject({ reason: 'snoozeEnded', evaluatedAt: until, acknowledged: { by: 'ana', note: 'on it' } });
  expect(last?.message).toBe('Snooze ended, firing: It is hot');

  for (const t of [91, 92, 93]) await user.send(CLIENT, { m: 'a', t });
  await vi.waitFor(async () => expect((await handle.describe()).runId).not.toBe(first), PATIENT);
  expect((await sets.state(setId))?.state.alert.acknowledged).toMatchObject(ana);
  await user.send(CLIENT, { m: 'a', t: 70 });
  await published('firing', 'acknowledged', 'snoozed', 'unsnoozed', 'resolved');
  expect(alerts.at(-1)?.data.acknowledged).toMatchObject(ana);
  expect((await sets.state(setId))?.faults).toEqual([]);
});
