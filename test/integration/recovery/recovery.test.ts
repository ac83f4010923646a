import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, onTestFailed, vi } from 'vitest';
import { splitSets } from '../../../bench/soak/split-sets.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { MAY_WAIT_BYTES } from '../../../src/core/model/partition-set/partition-set-messages.ts';
import { stateQuery, waitingQuery } from '../../../workflows/messages.ts';
import { openAlerts, refuseAlerts } from '../../support/nats/alerts-stream.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../../support/load/load.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const EVENTS = 240;
const ALERTS_WITHIN_MS = 120_000;
const TEST_WITHIN_MS = 240_000;
const PATIENT = { timeout: 60_000, interval: 100 };

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    // Splits some of the load's sets.
    startVigil({ servers, split: { atBytes: 1_500, shards: 3 } }),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await openAlerts(user);
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
});

/** Ids of a client's running workflows. */
async function running(clientId: string, type: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({
    query: `ClientId='${clientId}' AND WorkflowType='${type}' AND ExecutionStatus='Running'`,
  }))
    ids.push(workflowId);
  return ids.sort();
}

const shardsOf = async (setId: string): Promise<string[]> =>
  (await temporal.workflow.getHandle(setId).query<{ shards?: { ids: string[] } }>('state')).shards?.ids ?? [];

async function reset(workflowId: string): Promise<void> {
  const { runId } = await temporal.workflow.getHandle(workflowId).describe();
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId, runId },
  });
  const completed = history?.events?.findLast(
    (event) => event.workflowTaskCompletedEventAttributes?.startedEventId !== undefined,
  )?.eventId;
  await temporal.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: completed ?? null,
    requestId: `${runId}-reset`,
    reason: 'a test',
  });
}

/** Applies `how` to each of these workflows. Returns their ids. */
async function hitAll(ids: readonly string[], how: (workflowId: string) => Promise<unknown>): Promise<string[]> {
  for (const workflowId of ids) await how(workflowId);
  return [...ids];
}

/** The sets of a client, with their shards. */
async function setsOf(clientId: string): Promise<{ setId: string; shards: string[] }[]> {
  const sets = await running(clientId, 'ruleSet');
  return Promise.all(sets.map(async (setId) => ({ setId, shards: await shardsOf(setId) })));
}
const terminate = (workflowId: string): Promise<unknown> => temporal.workflow.getHandle(workflowId).terminate('a test');
const wholeSets = async (clientId: string): Promise<string[]> =>
  (await setsOf(clientId)).filter(({ shards }) => shards.length === 0).map(({ setId }) => setId);
const coordinators = async (clientId: string): Promise<string[]> =>
  (await setsOf(clientId)).filter(({ shards }) => shards.length > 0).map(({ setId }) => setId);
const firstShards = async (clientId: string): Promise<string[]> =>
  (await setsOf(clientId)).flatMap(({ shards }) => shards.slice(0, 1));

/** Which workflows are hit, and how; each case has its own client. */
const CASES: [what: string, clientId: string, hit: (clientId: string) => Promise<string[]>][] = [
  [
    'unsplit sets and sets of groups are terminated',
    'recovery-01',
    async (clientId) => hitAll(await wholeSets(clientId), terminate),
  ],
  [
    'a shard of each split set is terminated',
    'recovery-02',
    async (clientId) => hitAll(await firstShards(clientId), terminate),
  ],
  [
    'coordinators of split sets are terminated',
    'recovery-03',
    async (clientId) => hitAll(await coordinators(clientId), terminate),
  ],
  [
    'a shard of each split set is reset',
    'recovery-06',
    async (clientId) => hitAll(await firstShards(clientId), (shardId) => vi.waitFor(() => reset(shardId), PATIENT)),
  ],
  [
    'coordinators of split sets are reset',
    'recovery-04',
    async (clientId) => hitAll(await coordinators(clientId), reset),
  ],
];

describe('a partition set rebuilt from the stream', () => {
  // In parallel: each case has its own client.
  it.concurrent.for(CASES)(
    'publishes the same alerts: %s',
    { timeout: TEST_WITHIN_MS },
    async ([what, clientId, hit], { expect, onTestFailed }) => {
      const seed = newSeed();
      onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}`, vigil.complaints.slice(-20)));
      const rules = [];
      for (const rule of loadRules(clientId)) rules.push(await vigil.put(rule));
      const load = loadEvents(seed, [clientId]);
      await sendLoad(user, load, EVENTS);
      await vi.waitUntil(
        async () =>
          (await running(clientId, 'ruleShard')).length >= 3 &&
          (await user.read('ALERTS', `alerts.${clientId}.*`)).length > 50,
        PATIENT,
      );

      const before = new Set(await running(clientId, 'ruleShard'));
      const hitIds = await hit(clientId);
      expect(hitIds.length).toBeGreaterThan(0);
      await sendLoad(user, load, EVENTS);

      await expectSameAlerts(user, rules, {
        withinMs: ALERTS_WITHIN_MS,
        late: (setIds) => showSets(servers.temporalAddress, setIds),
        split: () => splitSets(temporal),
      });
      // Shards of a lost set must end; a reset without loss keeps them.
      const gone = hitIds.filter(() => !what.endsWith('are reset')).map((id) => id.replace(/\/shard-.*$/, ''));
      await vi.waitUntil(
        async () =>
          (await running(clientId, 'ruleShard')).every(
            (id) => !before.has(id) || !gone.some((setId) => id.startsWith(`${setId}/shard-`)),
          ),
        PATIENT,
      );
      expect(vigil.failures).toEqual([]);
    },
  );

  it(
    'publishes the same alerts: a shard that could not publish is terminated',
    async () => {
      const clientId = 'recovery-05';
      const seed = newSeed();
      onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}`, vigil.complaints.slice(-20)));
      const rule = await vigil.put(loadRules(clientId).find(({ id }) => id === 'each-stopped') as Rule);
      const load = loadEvents(seed, [clientId]);
      await sendLoad(user, load, EVENTS);
      await vi.waitUntil(async () => (await running(clientId, 'ruleShard')).length >= 3, PATIENT);

      await refuseAlerts(user);
      const setId = compileRule(rule.rule).ids.of([]);
      await vi.waitUntil(async () => {
        await sendLoad(user, load, EVENTS);
        return (await temporal.workflow.getHandle(setId).query(waitingQuery)) > MAY_WAIT_BYTES;
      }, PATIENT);
      const shards = await Promise.all(
        (await shardsOf(setId)).map(async (shardId) => ({
          shardId,
          ...(await temporal.workflow.getHandle(shardId).query(stateQuery)),
        })),
      );
      const full = shards.reduce((a, b) => (a.unpublished > b.unpublished ? a : b));
      expect(full.unpublished).toBeGreaterThan(0);
      await terminate(full.shardId);
      await openAlerts(user);
      await expectSameAlerts(user, [rule], {
        withinMs: ALERTS_WITHIN_MS,
        late: (setIds) => showSets(servers.temporalAddress, setIds),
        split: () => splitSets(temporal),
      });
    },
    TEST_WITHIN_MS,
  );
});
