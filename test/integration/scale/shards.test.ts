import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { RULE_SHARD_WORKFLOW } from '../../../workflows/messages.ts';
import { crossRuns } from '../../support/load/cross-runs.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { newSeed } from '../../support/load/load.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';
import { splitSets } from '../../../bench/soak/split-sets.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'shards-01';
const SHARDS = 3;
const SIGNALS_PER_RUN = 20;
const RUNS_TO_CROSS = 2;
const TEST_WITHIN_MS = 360_000;
const EVENTS_AT_A_TIME = 40;
/** For the next alert: long, because a busy machine may split several sets meanwhile. */
const ALERTS_WITHIN_MS = 150_000;

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    // Splits a set at about its third machine.
    startVigil({ servers, signalsPerRun: SIGNALS_PER_RUN, split: { atBytes: 800, shards: SHARDS } }),
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
  'sets that are split while events arrive publish the same alerts as unsplit sets',
  async () => {
    const seed = newSeed();
    onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}`));
    const { rules, setIds } = await crossRuns({
      vigil,
      user,
      temporal,
      clients: [CLIENT],
      seed,
      eventsAtATime: EVENTS_AT_A_TIME,
      runs: RUNS_TO_CROSS,
    });
    const { count } = await temporal.workflow.count(
      `WorkflowType='${RULE_SHARD_WORKFLOW}' AND ClientId='${CLIENT}' AND ExecutionStatus='Running'`,
    );
    expect(count).toBeGreaterThanOrEqual(setIds.length * SHARDS);
    await expectSameAlerts(user, rules, {
      withinMs: ALERTS_WITHIN_MS,
      stop: () => vigil.stop(),
      late: (setIds) => showSets(servers.temporalAddress, setIds),
      split: () => splitSets(temporal),
    });
    expect(vigil.failures).toEqual([]);
  },
  TEST_WITHIN_MS,
);
