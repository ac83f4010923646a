import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { scalarText } from '../../../src/core/primitives/value.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'groups-01';
const GROUPS = 3;
const WITHIN = { timeout: 30_000, interval: 50 };
const start = (): Promise<TestVigil> => startVigil({ servers, groupsPerRule: GROUPS });

const rule = parseRule({
  id: 'by-order',
  clientId: CLIENT,
  where: [{ property: 'order', equals: '*' }],
  groupBy: ['order'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'failed' } },
});

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    start(),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
});

const send = (order: string, state: string) => user.send(CLIENT, { order, state });
const workflows = async (): Promise<number> =>
  (await temporal.workflow.count(`ClientId='${CLIENT}' AND ExecutionStatus='Running'`)).count;

it('a rule grouped by a unique property starts workflows up to the limit and reports the limit once', async () => {
  await vigil.put(rule);
  const seen = await user.listen(CLIENT);
  const published = (): string[] => seen.map(({ data }) => `${scalarText(data.group['order'] ?? null)} ${data.status}`);
  for (let order = 0; order < 20; order++) await send(`order-${order}`, 'open');
  await vi.waitFor(() => expect(published()).toEqual(['order-0 limit']), WITHIN);
  expect(seen[0]?.data.message).toMatch(/events of further ones are left out/);
  expect(seen[0]?.id).toMatch(/:limit\.groups@\d+$/);
  await vi.waitFor(async () => expect(await workflows()).toBe(GROUPS), WITHIN);

  // Another reader reads the existing groups.
  await vigil.stop();
  vigil = await start();
  await send('order-20', 'failed');
  await send('order-2', 'failed');
  await vi.waitFor(() => expect(published()).toEqual(['order-0 limit', 'order-2 firing']), WITHIN);
  expect(await workflows()).toBe(GROUPS);

  // A restarted rule has room again.
  await vigil.put({ ...rule, enabled: false });
  await vi.waitFor(async () => expect(await workflows()).toBe(0), WITHIN);
  await vigil.put(rule);
  await send('order-21', 'failed');
  await vi.waitFor(() => expect(published().at(-1)).toBe('order-21 firing'), WITHIN);
  expect(vigil.failures).toEqual([]);
});
