import { expect, it, onTestFailed, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { fileVigil } from '../../support/vigil/file-vigil.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';

const SHARDS = 2;
const MACHINES = ['a', 'b', 'c', 'd', 'e', 'f'];
const PATIENT = { timeout: 60_000, interval: 50 };
const TEST_WITHIN_MS = 240_000;

const servers = await fileServers();
/** Splits a set at about its third machine. */
const split = { atBytes: 800, shards: SHARDS };
const { vigil, user, temporal } = await fileVigil({ servers, signalsPerRun: 4, split });
const sets = createPartitionSetsClient(temporal, 'unused');

it(
  'a split set that is reset to a time ends as a replay of the stream, and publishes only what differs',
  { timeout: TEST_WITHIN_MS },
  async () => {
    const clientId = 'split-time';
    const rule = parseRule({
      ...{ id: 'hot', clientId, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
      evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
    });
    const setId = partitionSetIds(rule).of([]);
    onTestFailed(async () => {
      console.error(vigil.complaints.slice(-20));
      await showSets(servers.temporalAddress, [setId]);
    });
    const alerts = await user.listen(clientId, 'hot');
    const lines = (): string[] =>
      alerts.map(({ data }) => `${recordBits(data.partition)} ${data.status} #${data.episode} ${data.reason}`).sort();
    const published = (...expected: string[]): Promise<void> =>
      vi.waitFor(() => expect(lines()).toEqual(expected.sort()), PATIENT);
    const reset = async (toMs: number, dryRun: boolean): Promise<object> => {
      const to = new Date(toMs).toISOString();
      const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/hot/reset`, {
        method: 'POST',
        body: JSON.stringify({ by: 'ana', to, dryRun }),
      });
      const { partitionSets } = (await answer.json()) as { partitionSets: object[] };
      return partitionSets[0] ?? {};
    };
    await vigil.put(rule);
    const sequences = new Map<string, number>();
    for (const m of MACHINES) sequences.set(m, await user.send(clientId, { m, t: 90 }));
    const fired = MACHINES.map((m) => `m=${m} firing #1 condition`);
    await published(...fired);
    await vi.waitFor(async () => expect((await sets.state(setId))?.shards?.ids).toHaveLength(SHARDS), PATIENT);
    const toMs = Date.now();
    await user.send(clientId, { m: 'a', t: 70 });
    await user.send(clientId, { m: 'b', t: 70 });
    const later = [...fired, 'm=a resolved #1 cleared', 'm=b resolved #1 cleared'];
    await published(...later);

    // The stream loses an event, so the alert of c was a mistake.
    const { streams } = await user.connection.jetstreamManager();
    await streams.deleteMessage('EVENTS', sequences.get('c') ?? 0);
    const events = MACHINES.length - 1 + 2;
    expect(await reset(toMs, true)).toMatchObject({ from: { events } });
    const runBefore = await sets.runOf(setId);
    const [done] = await Promise.all([reset(toMs, false), user.send(clientId, { m: 'd', t: 71 })]);
    expect(done).toHaveProperty('from');
    const corrected = [...later, 'm=c resolved #1 reset', 'm=d resolved #1 cleared'];
    await published(...corrected);
    expect(await sets.runOf(setId)).not.toBe(runBefore);
    await vi.waitFor(async () => {
      const state = await sets.state(setId);
      expect(state).not.toHaveProperty('recovery');
      const shards = await Promise.all((state?.shards?.ids ?? []).map((id) => sets.state(id)));
      expect(shards).toHaveLength(SHARDS);
      for (const each of [state, ...shards]) expect(each).toMatchObject({ faults: [], unpublished: 0 });
    }, PATIENT);
    for (const m of ['a', 'c']) await user.send(clientId, { m, t: 95 });
    await published(...corrected, 'm=a firing #2 condition', 'm=c firing #2 condition');
    const ids = alerts.map(({ id }) => id);
    expect(ids).toHaveLength(new Set(ids).size);

    await streams.purge('EVENTS', { seq: (sequences.get('b') ?? 0) + 1 });
    expect(await reset(toMs, true)).toMatchObject({
      problem: { code: 'RESET_IMPOSSIBLE', message: expect.stringContaining('needs all events since') as string },
    });
  },
);
