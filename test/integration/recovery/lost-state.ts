import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { nanos } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { connectTemporal } from '../../../src/temporal/client/connect.ts';
import {
  createPartitionSetsClient,
  type PartitionSetsClient,
} from '../../../src/temporal/client/partition-sets-client.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import type { SplitPlan } from '../../../workflows/messages.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';
import { temporalCli, type TemporalCli } from '../../support/servers/temporal-cli.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

/** The stream forgets the ids of alerts as soon as the publisher begins to look them up. */
const REMEMBERED_MS = 1_000;
const PATIENT = { timeout: 60_000, interval: 50 };
const TEST_WITHIN_MS = 180_000;
const EVENTS_MEANWHILE = 20;

/**
 * Sets lose their state in every way, long after they have published, while events arrive.
 * @param split makes them split sets
 */
export async function testLostState(split?: SplitPlan): Promise<void> {
  const servers = await fileServers();
  let vigil: TestVigil;
  let user: NatsUser;
  let temporal: Client;
  let cli: TemporalCli;
  let sets: PartitionSetsClient;
  beforeAll(async () => {
    [vigil, user, temporal, cli] = await Promise.all([
      // A set has several runs.
      startVigil({ servers, signalsPerRun: 3, ...(split !== undefined && { split }) }),
      connectUser(servers.natsUrl),
      connectTemporal(servers.temporalAddress, 'default'),
      temporalCli(servers.temporalAddress),
    ]);
    sets = createPartitionSetsClient(temporal, 'unused');
    const { streams } = await user.connection.jetstreamManager();
    await streams.update('ALERTS', { duplicate_window: nanos(REMEMBERED_MS) });
  });
  afterAll(async () => {
    await vigil.stop();
    await user.close();
    await temporal.connection.close();
    expect(vigil.failures).toEqual([]);
  });

  const ofClient = (clientId: string) => {
    const base = { clientId, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };
    const hot = { calc: 'latest', property: 't', gt: 80 };
    return {
      /** An alert for each machine. */
      hot: parseRule({ ...base, id: 'hot', evaluate: { type: 'each', having: hot } }),
      /** One alert, which somebody must acknowledge. */
      any: parseRule({ ...base, id: 'any', latch: true, evaluate: { type: 'any', having: hot } }),
      /** Machines go stale, and it sends heartbeats. */
      stale: parseRule({
        ...base,
        id: 'stale',
        staleAfter: '1s',
        heartbeat: '1s',
        evaluate: { type: 'each', having: hot },
      }),
    };
  };
  type Rules = ReturnType<typeof ofClient>;
  const idOf = (rule: Rules['hot']): string => partitionSetIds(rule).of([]);

  const alertsOf = async (clientId: string, ruleId: string): Promise<AlertEnvelope[]> =>
    (await user.read('ALERTS', `alerts.${clientId}.${ruleId}`)).map((message) => message.json<AlertEnvelope>());
  /** Without heartbeats, as `m=a firing #1 condition`. */
  const linesOf = async (clientId: string, ruleId: string): Promise<string[]> =>
    (await alertsOf(clientId, ruleId))
      .filter(({ data }) => data.status !== 'heartbeat')
      .map(({ data }) =>
        [recordBits(data.partition), data.status, `#${data.episode}`, data.reason]
          .filter((each) => each !== '')
          .join(' '),
      );
  const published = (clientId: string, ruleId: string, ...lines: string[]): Promise<void> =>
    vi.waitFor(async () => expect((await linesOf(clientId, ruleId)).sort()).toEqual([...lines].sort()), PATIENT);

  /** The first workflow task of a run that completed after events; for an event id of the command line. */
  async function laterTask(setId: string): Promise<string> {
    const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution: { workflowId: setId },
    });
    const tasks = (history?.events ?? []).filter((event) => Boolean(event.workflowTaskCompletedEventAttributes));
    const task = tasks[Math.floor(tasks.length / 2)];
    if (task === undefined) throw new Error('the run has not completed a task yet');
    return String(task.eventId);
  }

  const each = async (ids: string[], work: (setId: string) => Promise<unknown>): Promise<void> => {
    for (const setId of ids) await work(setId);
  };
  const terminate = (setId: string) => cli('workflow', 'terminate', '-w', setId, '--reason', 'a test');
  /** A run that has just begun has no task to go back to. */
  const reset = (setId: string, ...to: string[]) =>
    vi.waitFor(() => cli('workflow', 'reset', '-w', setId, ...to, '--reason', 'a test'), PATIENT);
  const ofAll = (clientId: string) => ['--query', `ClientId="${clientId}" AND ExecutionStatus="Running"`, '--yes'];

  /** A namespace runs one batch operation at a time, in the background. */
  let lastBatch: Promise<unknown> = Promise.resolve();
  const batch = (...args: string[]): Promise<unknown> =>
    (lastBatch = lastBatch.then(async () => {
      await cli(...args);
      await vi.waitFor(async () => {
        const { operationInfo } = await temporal.workflowService.listBatchOperations({ namespace: 'default' });
        expect(operationInfo.map(({ state }) => state)).not.toContain(
          proto.temporal.api.enums.v1.BatchOperationState.BATCH_OPERATION_STATE_RUNNING,
        );
      }, PATIENT);
    }));

  async function vigilReset(clientId: string): Promise<void> {
    for (const ruleId of Object.keys(ofClient(clientId))) {
      const url = `${vigil.app.url}/api/clients/${clientId}/rules/${ruleId}/reset`;
      expect((await fetch(url, { method: 'POST', body: '{"by":"ana"}' })).status).toBe(200);
    }
  }

  /** What an operator does to all sets of a client; whether these forget what they knew. A later run begins with that. */
  const ALL_WAYS: [
    what: string,
    clientId: string,
    isRebuilt: boolean,
    hit: (clientId: string, ids: string[]) => Promise<unknown>,
  ][] = [
    ['temporal workflow terminate', 'lost-01', true, (_client, ids) => each(ids, terminate)],
    [
      'temporal workflow terminate, by a query',
      'lost-02',
      true,
      (clientId) => batch('workflow', 'terminate', ...ofAll(clientId), '--reason', 'a test'),
    ],
    [
      'temporal workflow reset to the first task',
      'lost-03',
      false,
      (_client, ids) => each(ids, (id) => reset(id, '--type', 'FirstWorkflowTask')),
    ],
    [
      'temporal workflow reset to the last task',
      'lost-04',
      false,
      (_client, ids) => each(ids, (id) => reset(id, '--type', 'LastWorkflowTask')),
    ],
    [
      'temporal workflow reset to an event',
      'lost-05',
      false,
      (_client, ids) =>
        each(ids, async (id) => reset(id, '--event-id', await vi.waitFor(() => laterTask(id), PATIENT))),
    ],
    [
      'temporal workflow reset, by a query',
      'lost-06',
      false,
      (clientId) => batch('workflow', 'reset', ...ofAll(clientId), '--type', 'FirstWorkflowTask', '--reason', 'a test'),
    ],
    [
      'temporal workflow reset that drops signals and updates',
      'lost-07',
      false,
      (_client, ids) => each(ids, (id) => reset(id, '--type', 'LastWorkflowTask', '--reapply-exclude', 'All')),
    ],
    ['vigil reset', 'lost-08', true, (clientId) => vigilReset(clientId)],
  ];
  // To a set, a batch is nothing else.
  const WAYS = ALL_WAYS.filter(([what]) => split === undefined || !what.endsWith('by a query'));

  async function open(clientId: string): Promise<{ rules: Rules; ids: string[]; sequences: Record<string, number> }> {
    const rules = ofClient(clientId);
    for (const rule of Object.values(rules)) await vigil.put(rule);
    const sequences: Record<string, number> = {};
    for (const [m, t] of [
      ['a', 90],
      ['b', 90],
      ['b', 70],
      ['c', 90],
    ] as const)
      sequences[`${m} ${t}`] = await user.send(clientId, { m, t });
    await published(clientId, 'hot', ...HOT);
    await published(clientId, 'any', 'firing #1 condition');
    await published(clientId, 'stale', ...HOT, 'm=a resolved #1 staleData', 'm=c resolved #1 staleData');
    return { rules, ids: Object.values(rules).map(idOf), sequences };
  }
  const HOT = [
    'm=a firing #1 condition',
    'm=b firing #1 condition',
    'm=b resolved #1 cleared',
    'm=c firing #1 condition',
  ];

  /** By now, the stream has forgotten the alerts of the stale machines, which are a second younger than the others. */
  const isRebuilt = (ids: string[], before: Map<string, string | null>): Promise<unknown> =>
    vi.waitFor(async () => {
      for (const setId of ids) {
        const state = await sets.state(setId);
        expect(state).toMatchObject({ faults: [], unpublished: 0 });
        expect(state).not.toHaveProperty('recovery');
        const shards = await Promise.all((state?.shards?.ids ?? []).map((id) => sets.state(id)));
        for (const shard of shards) expect(shard).toMatchObject({ faults: [], unpublished: 0 });
        expect(shards).toHaveLength(split?.shards ?? 0);
        if (before.size > 0) expect(await sets.runOf(setId)).not.toBe(before.get(setId));
      }
    }, PATIENT);

  /** Events that change no alert. */
  async function sendMeanwhile(clientId: string): Promise<void> {
    for (let t = 0; t < EVENTS_MEANWHILE; t++) await user.send(clientId, { m: 'd', t });
  }

  async function hitAll(
    clientId: string,
    ids: string[],
    what: string,
    hit: (clientId: string, ids: string[]) => Promise<unknown>,
  ) {
    const runs =
      what === 'vigil reset' ? [] : await Promise.all(ids.map(async (id) => [id, await sets.runOf(id)] as const));
    await Promise.all([hit(clientId, ids), sendMeanwhile(clientId)]);
    // A batch runs in the background.
    await vi.waitFor(async () => {
      for (const [setId, runId] of runs) {
        const { runId: now, status } = await temporal.workflow.getHandle(setId).describe();
        expect(status.name !== 'RUNNING' || now !== runId).toBe(true);
      }
    }, PATIENT);
    // A terminated set starts with the next event.
    await user.send(clientId, { m: 'd', t: 20 });
    await isRebuilt(ids, new Map(runs));
  }

  describe('sets that lose their state long after they have published', () => {
    it.concurrent.for(WAYS)(
      'publish each transition once, and know what people did: %s',
      { timeout: TEST_WITHIN_MS },
      async ([what, clientId, , hit], { expect, onTestFailed }) => {
        onTestFailed(async () => {
          console.error(vigil.complaintsOf(clientId).slice(-20));
          await showSets(servers.temporalAddress, Object.values(ofClient(clientId)).map(idOf));
        });
        const { rules, ids } = await open(clientId);
        const until = Date.now() + 3_600_000;
        await sets.act(idOf(rules.hot), 'acknowledge', { by: 'ana', partition: { m: 'a' } });
        await sets.act(idOf(rules.hot), 'snooze', {
          by: 'ana',
          partition: { m: 'c' },
          until: new Date(until).toISOString(),
        });
        await sets.act(idOf(rules.any), 'acknowledge', { by: 'ana' });
        const hot = [...HOT, 'm=a acknowledged #1 operator', 'm=c snoozed #1 operator'];
        const any = ['firing #1 condition', 'acknowledged #1 operator'];
        const stale = [...HOT, 'm=a resolved #1 staleData', 'm=c resolved #1 staleData'];
        await published(clientId, 'hot', ...hot);

        await hitAll(clientId, ids, what, hit);
        await published(clientId, 'hot', ...hot);
        await published(clientId, 'any', ...any);
        await published(clientId, 'stale', ...stale);

        for (const m of ['a', 'c']) await user.send(clientId, { m, t: 70 });
        await user.send(clientId, { m: 'a', t: 95 });
        await published(
          clientId,
          'hot',
          ...hot,
          'm=a resolved #1 cleared',
          'm=c resolved #1 cleared',
          'm=a firing #2 condition',
        );
        await published(clientId, 'any', ...any, 'resolved #1 cleared', 'firing #2 condition');
        const alerts = await alertsOf(clientId, 'hot');
        const resolved = (m: string) =>
          alerts.find(({ data }) => data.partition['m'] === m && data.status === 'resolved');
        expect(resolved('a')?.data).toMatchObject({ acknowledged: { by: 'ana' } });
        expect(resolved('c')?.data).toMatchObject({ snoozed: { by: 'ana' } });
        const all = (await Promise.all(Object.keys(rules).map((ruleId) => alertsOf(clientId, ruleId)))).flat();
        expect(all.map(({ id }) => id).filter((id, at, list) => list.indexOf(id) !== at)).toEqual([]);
      },
    );

    it.concurrent.for(WAYS.filter(([, , isRebuilt]) => isRebuilt))(
      'publish what differs if they were wrong: %s',
      { timeout: TEST_WITHIN_MS },
      async ([what, id, , hit], { onTestFailed }) => {
        const clientId = id.replace('lost', 'wrong');
        onTestFailed(() => console.error(vigil.complaintsOf(clientId).slice(-20)));
        const { ids, sequences } = await open(clientId);
        // The stream loses an event that made an alert fire, and one that resolved another.
        const { streams } = await user.connection.jetstreamManager();
        for (const each of ['a 90', 'b 70']) await streams.deleteMessage('EVENTS', sequences[each] ?? 0);
        await hitAll(clientId, ids, what, hit);
        const hot = [...HOT, 'm=a resolved #1 reset', 'm=b firing #2 reset'];
        await published(clientId, 'hot', ...hot);
        for (const [m, t] of [
          ['a', 90],
          ['b', 70],
        ] as const)
          await user.send(clientId, { m, t });
        await published(clientId, 'hot', ...hot, 'm=a firing #2 condition', 'm=b resolved #2 cleared');
      },
    );
  });
}
