import type { Client } from '@temporalio/client';
import { nanos } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
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
import { waysToLoseState, type Way } from './ways-to-lose-state.ts';

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

  // To a set, a batch is nothing else.
  const WAYS = waysToLoseState(() => ({ temporal, cli, vigil })).filter(
    ({ what }) => split === undefined || !what.endsWith('by a query'),
  );

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

  async function hitAll({ what, hit }: Way, clientId: string, ids: string[]): Promise<void> {
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
      'publish each transition once, and know what people did: $what',
      { timeout: TEST_WITHIN_MS },
      async (way, { expect, onTestFailed }) => {
        const { clientId } = way;
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

        await hitAll(way, clientId, ids);
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

    it.concurrent.for(WAYS.filter(({ isRebuilt }) => isRebuilt))(
      'publish what differs if they were wrong: $what',
      { timeout: TEST_WITHIN_MS },
      async (way, { onTestFailed }) => {
        const clientId = way.clientId.replace('lost', 'wrong');
        onTestFailed(() => console.error(vigil.complaintsOf(clientId).slice(-20)));
        const { ids, sequences } = await open(clientId);
        // The stream loses an event that made an alert fire, and one that resolved another.
        const { streams } = await user.connection.jetstreamManager();
        for (const each of ['a 90', 'b 70']) await streams.deleteMessage('EVENTS', sequences[each] ?? 0);
        await hitAll(way, clientId, ids);
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
