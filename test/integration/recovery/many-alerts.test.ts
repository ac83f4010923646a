import { nanos } from 'nats';
import { expect, it, onTestFailed, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { fileVigil } from '../../support/vigil/file-vigil.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';

/** With names of this length, the alerts of a set are some messages long. */
const MACHINES = Array.from({ length: 1_500 }, (_, index) => `machine-${index}-`.padEnd(200, 'x'));
const AT_A_TIME = 500;
const SHARDS = 4;
const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
const PATIENT = { timeout: 120_000, interval: 250 };
const TEST_WITHIN_MS = 300_000;

const servers = await fileServers();
const { vigil, user, temporal } = await fileVigil({ servers, split: { atBytes: 750_000, shards: SHARDS } });
const sets = createPartitionSetsClient(temporal, 'unused');
/** For how long the stream drops alerts that it has already. */
const rememberFor = async (ms: number): Promise<unknown> =>
  (await user.connection.jetstreamManager()).streams.update('ALERTS', { duplicate_window: nanos(ms) });

const terminate = (_clientId: string, setId: string): Promise<unknown> =>
  temporal.workflow.getHandle(setId).terminate('a test');
const vigilReset = (clientId: string): Promise<unknown> =>
  fetch(`${vigil.app.url}/api/clients/${clientId}/rules/hot/reset`, { method: 'POST', body: '{"by":"ana"}' });

it.each([
  ['terminate', 'many-01', terminate],
  ['vigil reset', 'many-02', vigilReset],
])(
  'a set with more alerts than fit into one message publishes only what differs: %s',
  { timeout: TEST_WITHIN_MS },
  async (_what, clientId, hit) => {
    const rule = parseRule({
      ...{ id: 'hot', clientId, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
      evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
    });
    const setId = partitionSetIds(rule).of([]);
    onTestFailed(async () => {
      console.error(vigil.complaintsOf(clientId).slice(-20));
      await showSets(servers.temporalAddress, [setId]);
    });
    const alerts = await user.listen(clientId, 'hot');
    /** As `3 firing #1 condition`, in any order, after the first alert of each machine. */
    const later = (): string[] =>
      alerts
        .map(({ data }: AlertEnvelope) =>
          [MACHINES.indexOf(data.partition['m'] as string), data.status, `#${data.episode}`, data.reason].join(' '),
        )
        .filter((line) => !line.endsWith('firing #1 condition'))
        .sort();
    const published = (...lines: string[]): Promise<void> =>
      vi.waitFor(() => expect(later()).toEqual([...lines].sort()), PATIENT);

    await rememberFor(HOUR_MS);
    await vigil.put(rule);
    const sequences: number[] = [];
    for (let from = 0; from < MACHINES.length; from += AT_A_TIME)
      sequences.push(
        ...(await Promise.all(MACHINES.slice(from, from + AT_A_TIME).map((m) => user.send(clientId, { m, t: 90 })))),
      );
    await vi.waitFor(() => expect(alerts).toHaveLength(MACHINES.length), PATIENT);
    const [first, gone, known] = [0, MACHINES.length - 2, MACHINES.length - 1];
    await user.send(clientId, { m: MACHINES[first], t: 70 });
    await published('0 resolved #1 cleared');
    await vi.waitFor(() => sets.act(setId, 'acknowledge', { by: 'ana', partition: { m: MACHINES[known] ?? '' } }), {
      timeout: 10_000,
    });
    const before = ['0 resolved #1 cleared', `${known} acknowledged #1 operator`];
    await published(...before);

    const { streams } = await user.connection.jetstreamManager();
    await streams.deleteMessage('EVENTS', sequences[gone] ?? 0);
    // Long before the set is rebuilt, the stream has forgotten the ids of its alerts.
    await rememberFor(SECOND_MS);
    await hit(clientId, setId);
    await user.send(clientId, { m: MACHINES[first], t: 71 });
    const after = [...before, `${gone} resolved #1 reset`];
    await published(...after);
    await vi.waitFor(async () => {
      const state = await sets.state(setId);
      expect(state).toMatchObject({ faults: [] });
      expect(state).not.toHaveProperty('recovery');
      const shards = await Promise.all((state?.shards?.ids ?? []).map((id) => sets.state(id)));
      expect(shards).toHaveLength(SHARDS);
      for (const shard of shards) expect(shard).toMatchObject({ faults: [], unpublished: 0 });
    }, PATIENT);

    await user.send(clientId, { m: MACHINES[first], t: 99 });
    await user.send(clientId, { m: MACHINES[known], t: 70 });
    await published(...after, '0 firing #2 condition', `${known} resolved #1 cleared`);
    const ids = alerts.map(({ id }) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    expect(
      alerts.find(({ data }) => data.status === 'resolved' && data.partition['m'] === MACHINES[known]),
    ).toMatchObject({ data: { acknowledged: { by: 'ana' } } });
    expect(vigil.complaintsOf(clientId).filter((text) => text.includes('too many alerts'))).toEqual([]);
  },
);
