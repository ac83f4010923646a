import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/servers/tcp-proxy.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'temporal-away';
/** Limit of an interactive response. */
const SOON_MS = 2_500;
const BACK = { timeout: 60_000, interval: 100 };

const rule = parseRule({
  id: 'any-stopped',
  clientId: CLIENT,
  where: [{ property: 'machineId', equals: '*' }],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
});

let proxy: TcpProxy;
let vigil: TestVigil;
beforeAll(async () => {
  proxy = await startTcpProxy(servers.temporalAddress);
  vigil = await startVigil({ servers: { ...servers, temporalAddress: proxy.address } });
  await vigil.put(rule);
  await vi.waitFor(async () => expect(await listed()).toMatchObject({ rules: [{ status: 'inactive' }] }), BACK);
});
afterEach(async () => {
  proxy.mend();
  await vi.waitFor(async () => expect(await listed()).toMatchObject({ rules: [{ status: 'inactive' }] }), BACK);
});
afterAll(async () => {
  // Stops during retries: none of them may end the process later.
  proxy.cut();
  await vi.waitFor(async () => expect(await listed()).toMatchObject({ rules: [{ status: 'unknown' }] }), BACK);
  await vigil.stop();
  await proxy.stop();
});

const address = `/api/clients/${CLIENT}/rules`;
const listed = async (): Promise<unknown> => (await fetch(`${vigil.app.url}${address}`)).json();

describe.each(['cut', 'freeze'] as const)('while Temporal is unreachable (%s)', (how) => {
  it('the list of rules answers soon, with status unknown and the reason', async () => {
    proxy[how]();
    for (let time = 0; time < 3; time += 1) {
      const askedAtMs = performance.now();
      const answer = await fetch(`${vigil.app.url}${address}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        rules: [{ rule: { id: 'any-stopped' }, status: 'unknown', sets: null }],
        problem: { code: 'TEMPORAL_UNREACHABLE' },
      });
      expect(performance.now() - askedAtMs).toBeLessThan(SOON_MS);
    }
  });

  it('events wait and do not become dead letters', async () => {
    const user = await connectUser(servers.natsUrl);
    const alerts = await user.listen(CLIENT);
    const statuses = (): string[] => alerts.map(({ data }) => data.status);
    proxy[how]();
    for (const machineId of ['m1', 'm2', 'm3']) await user.send(CLIENT, { machineId, state: 'stopped' });
    await vi.waitFor(async () => expect(await listed()).toMatchObject({ rules: [{ status: 'unknown' }] }), BACK);
    proxy.mend();
    await vi.waitFor(() => expect(statuses()).toEqual(['firing']), BACK);
    for (const machineId of ['m1', 'm2', 'm3']) await user.send(CLIENT, { machineId, state: 'running' });
    await vi.waitFor(() => expect(statuses()).toEqual(['firing', 'resolved']), BACK);
    expect(await user.read('DEADLETTERS', `deadletter.${CLIENT}`)).toEqual([]);
    await user.close();
  });

  it('rules can be created and deleted', async () => {
    proxy[how]();
    const askedAtMs = performance.now();
    const body = JSON.stringify({ ...rule, id: 'another' });
    expect((await fetch(`${vigil.app.url}${address}/another`, { method: 'PUT', body })).status).toBe(201);
    expect((await fetch(`${vigil.app.url}${address}/another`, { method: 'DELETE' })).status).toBe(204);
    expect(performance.now() - askedAtMs).toBeLessThan(SOON_MS);
  });
});
