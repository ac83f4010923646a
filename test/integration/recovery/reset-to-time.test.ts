import { expect, it, onTestFailed, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../../support/load/load.ts';
import { fileVigil } from '../../support/vigil/file-vigil.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';

const servers = await fileServers();
/** A time is some runs ago. */
const { vigil, user, temporal } = await fileVigil({ servers, signalsPerRun: 4 });
const EVENTS = 300;
const PATIENT = { timeout: 60_000, interval: 50 };
const ALERTS_WITHIN_MS = 120_000;
const TEST_WITHIN_MS = 240_000;

interface ResetSet {
  workflowId: string;
  from?: { runId: string; eventId: string; at: string; events: number };
  problem?: { code: string; message: string };
}

async function reset(clientId: string, ruleId: string, to: number, dryRun = false): Promise<ResetSet[]> {
  const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/${ruleId}/reset`, {
    method: 'POST',
    body: JSON.stringify({ by: 'ana', to: new Date(to).toISOString(), dryRun }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { partitionSets: ResetSet[] }).partitionSets;
}

it(
  'a reset to a time while events arrive loses no alert, and publishes none twice',
  { timeout: TEST_WITHIN_MS },
  async () => {
    const clientId = 'time-01';
    const seed = newSeed();
    onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}`, vigil.complaints.slice(-20)));
    const rules = [];
    for (const rule of loadRules(clientId)) rules.push(await vigil.put(rule));
    const load = loadEvents(seed, [clientId]);
    await sendLoad(user, load, EVENTS);
    const alerts = () => user.read('ALERTS', `alerts.${clientId}.*`);
    await vi.waitUntil(async () => (await alerts()).length > 50, PATIENT);
    const toMs = Date.now();
    await sendLoad(user, load, EVENTS);

    const [, done] = await Promise.all([
      sendLoad(user, load, 2 * EVENTS),
      Promise.all(rules.map(({ rule }) => reset(clientId, rule.id, toMs))),
    ]);
    // A group that has begun since then cannot be reset to a time before it.
    const begun = done.flat().filter(({ problem }) => problem?.code !== 'RESET_IMPOSSIBLE');
    expect(begun.length).toBeGreaterThanOrEqual(rules.length - 1);
    expect(begun.map(({ problem }) => problem)).toEqual(begun.map(() => undefined));
    // The set's own line: the reader may be asked twice by a run and the next.
    const rebuilt = (text: string): boolean => text.startsWith('this partition set lacks events');
    await sendLoad(user, load, EVENTS);
    await expectSameAlerts(user, rules, {
      withinMs: ALERTS_WITHIN_MS,
      late: (setIds) => showSets(servers.temporalAddress, setIds),
    });
    // Each notices its reset once.
    expect(vigil.complaintsOf(clientId).filter(rebuilt).length).toBeLessThanOrEqual(begun.length);
    expect(vigil.complaintsOf(clientId).filter(rebuilt).length).toBeGreaterThan(0);
  },
);

it(
  'keeps what a set knew then, reads what came later again, and publishes what differs',
  { timeout: TEST_WITHIN_MS },
  async () => {
    const clientId = 'time-02';
    const rule = parseRule({
      ...{ id: 'hot', clientId, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
      evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
    });
    const alerts = await user.listen(clientId, 'hot');
    onTestFailed(() => console.error(vigil.complaints.slice(-20)));
    const published = (...expected: string[]): Promise<void> =>
      vi.waitFor(
        () =>
          expect(
            alerts.map(({ data }) => `${recordBits(data.partition)} ${data.status} #${data.episode} ${data.reason}`),
          ).toEqual(expected),
        PATIENT,
      );
    await vigil.put(rule);
    const sets = createPartitionSetsClient(temporal, 'unused');
    const setId = partitionSetIds(rule).of([]);
    // Each event is a signal: four to a run.
    const send = async (m: string, t: number): Promise<number> => {
      const before = alerts.length;
      const sequence = await user.send(clientId, { m, t });
      await vi.waitUntil(() => alerts.length > before, PATIENT);
      return sequence;
    };
    const first = await send('a', 90);
    const firstRun = await sets.runOf(setId);
    // A reset repeats the last workflow task before its time: its events are read again.
    const last = await user.send(clientId, { m: 'd', t: 10 });
    await vi.waitUntil(async () => (await sets.state(setId))?.state.mark === last, PATIENT);
    const toMs = Date.now();
    const hot = await send('b', 90);
    for (let round = 0; round < 6; round++) {
      await send('c', 90);
      await send('c', 70);
    }
    expect(await sets.runOf(setId)).not.toBe(firstRun);
    const lines = alerts.map(
      ({ data }) => `${recordBits(data.partition)} ${data.status} #${data.episode} ${data.reason}`,
    );

    // The stream drops what is older, which the set knew then, and loses an event that came later.
    const { streams } = await user.connection.jetstreamManager();
    for (const sequence of [first, hot]) await streams.deleteMessage('EVENTS', sequence);
    const [planned] = await reset(clientId, 'hot', toMs, true);
    expect(planned).toMatchObject({ from: { runId: firstRun, events: 12 } });
    expect(await sets.runOf(setId)).not.toBe(firstRun);

    expect(await reset(clientId, 'hot', toMs)).toMatchObject([{ from: { events: 12 } }]);
    await published(...lines, 'm=b resolved #1 reset');
    await vi.waitFor(async () => expect(await sets.state(setId)).not.toHaveProperty('recovery'), PATIENT);
    await send('a', 70);
    await send('b', 90);
    await send('c', 90);
    await published(
      ...lines,
      'm=b resolved #1 reset',
      'm=a resolved #1 cleared',
      'm=b firing #2 condition',
      'm=c firing #7 condition',
    );
    expect((await sets.state(setId))?.faults).toEqual([]);

    await streams.purge('EVENTS', { seq: hot });
    const [late] = await reset(clientId, 'hot', toMs);
    expect(late?.problem?.message).toMatch(/The event stream reaches back to/);
    const [early] = await reset(clientId, 'hot', toMs - 3_600_000);
    expect(early?.problem?.message).toMatch(/The rule has another version since/);
  },
);
