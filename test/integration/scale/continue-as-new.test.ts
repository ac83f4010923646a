import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { crossRuns } from '../../support/load/cross-runs.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { newSeed } from '../../support/load/load.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENTS = ['rollover-01', 'rollover-02'];
const SIGNALS_PER_RUN = 10;
const RUNS_TO_CROSS = 4;
const EVENTS_AT_A_TIME = 20;
const ALERTS_WITHIN_MS = 60_000;

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
});

it('crosses runs while events arrive, without lost, duplicated or reordered alerts', async () => {
  const seed = newSeed();
  onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}`));
  const { rules } = await crossRuns({
    vigil,
    user,
    temporal,
    clients: CLIENTS,
    seed,
    eventsAtATime: EVENTS_AT_A_TIME,
    runs: RUNS_TO_CROSS,
  });
  await expectSameAlerts(user, rules, { withinMs: ALERTS_WITHIN_MS, stop: () => vigil.stop() });
  expect(vigil.failures).toEqual([]);
});
