import { describe, expect, it, onTestFailed, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { showSets } from '../../support/load/show-sets.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { fileVigil } from '../../support/vigil/file-vigil.ts';

const servers = await fileServers();
const SHARDS = 2;
/** Eight machines are below it, sixty above. */
const { vigil, user, temporal } = await fileVigil({ servers, split: { atBytes: 20_000, shards: SHARDS } });
const sets = createPartitionSetsClient(temporal, 'unused');
const PATIENT = { timeout: 60_000, interval: 50 };
const TEST_WITHIN_MS = 300_000;
/** How many of those at which the set had completed a task. */
const MOMENTS = 6;

const summary = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts.map(({ data }) => `${recordBits(data.partition)} ${data.status} #${data.episode} ${data.reason}`).sort();

async function post(path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${vigil.app.url}/api/clients/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Waits until a set has everything, and publishes. */
const settled = (setId: string): Promise<void> =>
  vi.waitFor(async () => {
    const state = await sets.state(setId);
    const shards = await Promise.all((state?.shards?.ids ?? []).map((id) => sets.state(id)));
    for (const each of [state, ...shards]) expect(each).toMatchObject({ faults: [], unpublished: 0 });
    expect([state?.recovery, state?.muted]).toEqual([undefined, undefined]);
  }, PATIENT);

/** When the run of a set had completed its tasks since then, epoch ms: the first ones, newest first. */
async function momentsSince(setId: string, sinceMs: number): Promise<number[]> {
  const { events } = await temporal.workflow.getHandle(setId).fetchHistory();
  const times = (events ?? [])
    .filter(({ workflowTaskCompletedEventAttributes }) => Boolean(workflowTaskCompletedEventAttributes))
    .map(({ eventTime }) => Number(eventTime?.seconds) * 1_000 + Math.ceil((eventTime?.nanos ?? 0) / 1_000_000));
  return [...new Set([sinceMs, ...times.filter((each) => each >= sinceMs)])].slice(0, MOMENTS).reverse();
}

describe.each([
  ['a set in one piece', 2, 0],
  ['a split set', 60, SHARDS],
])('%s that is reset to a moment at which it was muted', (_what, count, shards) => {
  const machines = Array.from({ length: count }, (_, index) => `m${index}`);
  const base = {
    ...{ id: 'hot', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
    evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
  };

  async function open(clientId: string) {
    const rule = parseRule({ ...base, clientId });
    const setId = partitionSetIds(rule).of([]);
    onTestFailed(async () => {
      console.error(vigil.complaintsOf(clientId).slice(-20));
      await showSets(servers.temporalAddress, [setId]);
    });
    const alerts = await user.listen(clientId);
    const published = (expected: readonly string[]): Promise<void> =>
      vi.waitFor(() => expect(summary(alerts)).toEqual([...expected].sort()), PATIENT);
    /** A reset to any of these moments changes nothing. */
    const resetToAll = async (sinceMs: number, expected: readonly string[]): Promise<void> => {
      const moments = await momentsSince(setId, sinceMs);
      expect(moments.length).toBeGreaterThan(2);
      expect((await sets.state(setId))?.shards?.ids ?? []).toHaveLength(shards);
      for (const [index, to] of moments.entries()) {
        const before = await sets.runOf(setId);
        const { partitionSets } = (await post(`${clientId}/rules/hot/reset`, {
          by: 'ana',
          to: new Date(to).toISOString(),
        })) as { partitionSets: object[] };
        expect(partitionSets).toMatchObject([{ from: {} }]);
        await vi.waitFor(async () => expect(await sets.runOf(setId)).not.toBe(before), PATIENT);
        await settled(setId);
        // A transition that is published again would come before this one.
        await user.send(clientId, { m: `new-${index}`, t: 95 });
        const further = moments.slice(0, index + 1).map((_to, each) => `m=new-${each} firing #1 condition`);
        await published([...expected, ...further]);
      }
      const ids = alerts.map(({ id }) => id);
      expect(ids).toHaveLength(new Set(ids).size);
    };
    await vigil.put(rule);
    for (const m of machines) await user.send(clientId, { m, t: 70 });
    for (const m of ['m0', 'm1']) await user.send(clientId, { m, t: 90 });
    await user.send(clientId, { m: 'm1', t: 95 });
    const fired = ['m=m0 firing #1 condition', 'm=m1 firing #1 condition'];
    await published(fired);
    return { clientId, rule, setId, published, resetToAll, fired };
  }

  it('because a new version of its rule has backfill', { timeout: TEST_WITHIN_MS }, async () => {
    const { clientId, rule, setId, published, resetToAll, fired } = await open(`muted-primed-${count}`);
    const max = { calc: 'max', property: 't', within: '1h', gt: 92 };
    const { storedAtMs } = await vigil.put(
      parseRule({ ...rule, backfill: '1h', evaluate: { type: 'each', having: max } }),
    );
    const expected = [...fired, 'm=m0 resolved #1 ruleUpdated'];
    await published(expected);
    await settled(setId);
    await user.send(clientId, { m: 'm0', t: 71 });
    await resetToAll(storedAtMs, expected);
  });

  it('because its rule was resumed silently', { timeout: TEST_WITHIN_MS }, async () => {
    const { clientId, setId, published, resetToAll, fired } = await open(`muted-resumed-${count}`);
    await post(`${clientId}/rules/hot/pause`, { by: 'ana' });
    await vi.waitFor(async () => expect(await sets.state(setId)).toHaveProperty('paused'), PATIENT);
    await user.send(clientId, { m: 'm0', t: 70 });
    await user.send(clientId, { m: 'm1', t: 70 });
    await user.send(clientId, { m: 'm1', t: 90 });
    await post(`${clientId}/rules/hot/resume`, { by: 'ana', mode: 'silently' });
    const expected = [...fired, 'm=m0 resolved #1 ruleResumed'];
    await published(expected);
    await settled(setId);
    const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/hot`);
    const { storedAt } = (await answer.json()) as { storedAt: string };
    await resetToAll(Date.parse(storedAt), expected);
  });
});
