import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { stateQuery, type PartitionSetView } from '../../../workflows/messages.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'large-set';
const MACHINES = 100_000;
const AT_A_TIME = 2_000;
const WITHIN = { timeout: 180_000, interval: 250 };
const TEST_WITHIN_MS = 240_000;

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    startVigil({ servers }),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
});

it(
  'a rule with 100,000 partitions is evaluated as a whole',
  async () => {
    const rule = parseRule({
      id: 'all-stopped',
      clientId: CLIENT,
      where: [{ property: 'type', equals: 'status' }],
      partitionBy: ['machineId'],
      evaluate: { type: 'count', gte: MACHINES, having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    });
    await vigil.put(rule);
    const setId = compileRule(rule).ids.of([]);
    const view = (): Promise<PartitionSetView> => temporal.workflow.getHandle(setId).query(stateQuery);

    const machines = Array.from({ length: MACHINES }, (_, index) => `m${index}`);
    const last = machines.pop();
    while (machines.length > 0)
      await Promise.all(
        machines.splice(0, AT_A_TIME).map((machineId) => user.send(CLIENT, { machineId, state: 'stopped' }, 'status')),
      );
    await vi.waitFor(
      async () =>
        expect(await view()).toMatchObject({
          satisfying: MACHINES - 1,
          status: 'inactive',
          faults: [],
          state: { counters: { overflow: 0 } },
        }),
      WITHIN,
    );

    await user.send(CLIENT, { machineId: last, state: 'stopped' }, 'status');
    await vi.waitFor(async () => expect((await view()).status).toBe('firing'), WITHIN);
    const [alert, ...others] = await vi.waitFor(async () => {
      const alerts = (await user.read('ALERTS', `alerts.${CLIENT}.*`)).map((message) => message.json<AlertEnvelope>());
      expect(alerts.length).toBeGreaterThan(0);
      return alerts;
    }, WITHIN);
    expect(others).toEqual([]);
    expect(alert?.data).toMatchObject({ status: 'firing', evidence: { total: MACHINES } });
    expect(alert?.data.evidence.items[0]?.partition).toEqual({ machineId: last });
    expect(vigil.failures).toEqual([]);
    // Ending runs processed all events: nothing had to be read again.
    expect(vigil.complaintsOf(CLIENT).filter((text) => text.includes('lacks events'))).toEqual([]);
  },
  TEST_WITHIN_MS,
);
