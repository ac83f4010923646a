import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { MAY_WAIT_BYTES } from '../../../src/core/model/partition-set/partition-set-messages.ts';
import { stateQuery, waitingQuery } from '../../../workflows/messages.ts';
import { openAlerts, refuseAlerts } from '../../support/nats/alerts-stream.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { largestEvents } from '../../support/workflows/payloads.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { parsePrometheusText } from '../../support/metrics/prometheus-text.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'refused-01';
const MACHINES = 4;
const AT_A_TIME = 500;
const MOST_EVENTS = 40_000;
/** More than a reader sends to a set before it queries the set. */
const LAG_MESSAGES = 3_000;
/** 256 KB of small alerts, plus those of one step. */
const MOST_UNPUBLISHED = 1_500;
/** Temporal's limit is 2 MB. */
const LARGEST_PAYLOAD_BYTES = 1_400_000;
const PATIENT = { timeout: 120_000, interval: 50 };
const ALERTS_WITHIN_MS = 240_000;
const TEST_WITHIN_MS = 420_000;

const rule = parseRule({
  clientId: CLIENT,
  id: 'each-stopped',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
});

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
afterEach(() => openAlerts(user));
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
});

it(
  'a set whose alerts are rejected stops accepting events, which wait in the stream; afterwards all alerts arrive once, in order',
  async () => {
    const stored = await vigil.put(rule);
    const workflow = temporal.workflow.getHandle(compileRule(stored.rule).ids.of([]));
    await user.send(CLIENT, { machineId: 'm0', state: 'stopped' });
    await vi.waitUntil(async () => (await user.read('ALERTS', `alerts.${CLIENT}.*`)).length === 1, PATIENT);

    await refuseAlerts(user);
    let sent = 0;
    const sendSome = async (): Promise<void> => {
      const events = Array.from({ length: AT_A_TIME }, () => {
        const index = sent++;
        return {
          machineId: `m${index % MACHINES}`,
          state: Math.floor(index / MACHINES) % 2 === 0 ? 'running' : 'stopped',
        };
      });
      await Promise.all(events.map((event) => user.send(CLIENT, event)));
    };
    const lag = async (): Promise<number> => {
      const metrics = parsePrometheusText(await (await fetch(`${vigil.app.url}/metrics`)).text());
      return Math.max(...(metrics.get('vigil_lane_lag_messages')?.samples ?? []).map(({ value }) => value));
    };
    await vi.waitUntil(async () => {
      if (sent < MOST_EVENTS) await sendSome();
      return (await lag()) > LAG_MESSAGES && (await workflow.query(waitingQuery)) > MAY_WAIT_BYTES;
    }, PATIENT);
    const { unpublished } = await workflow.query(stateQuery);
    expect(unpublished).toBeGreaterThan(0);
    expect(unpublished).toBeLessThan(MOST_UNPUBLISHED);

    await openAlerts(user);
    const { alerts } = await expectSameAlerts(user, [stored], { withinMs: ALERTS_WITHIN_MS });
    expect(alerts).toBeGreaterThan(LAG_MESSAGES);
    await vi.waitUntil(async () => (await lag()) === 0, PATIENT);
    const [largest] = await largestEvents(temporal, `ClientId='${CLIENT}'`);
    expect(largest?.bytes).toBeLessThan(LARGEST_PAYLOAD_BYTES);
    expect(vigil.failures).toEqual([]);
  },
  TEST_WITHIN_MS,
);
