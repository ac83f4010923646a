import { describe, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { fileVigil } from '../../support/vigil/file-vigil.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const { vigil, user, temporal } = await fileVigil({ servers, signalsPerRun: 5 });
const PATIENT = { timeout: 60_000, interval: 50 };
const TEST_WITHIN_MS = 240_000;
const HOUR_MS = 3_600_000;

const summary = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts.map(({ data }) => `${recordBits(data.partition)} ${data.status} #${data.episode} ${data.reason}`).sort();

const hot = { calc: 'latest', property: 't', gt: 80 };
const ruleOf = (clientId: string, changes: object = {}): Rule =>
  parseRule({
    ...{ id: 'hot', clientId, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'], backfill: '1h' },
    evaluate: { type: 'each', having: hot },
    ...changes,
  });

/** Machine a is hot, and has been for three hours; b was. */
async function sendPast(clientId: string): Promise<void> {
  const time = Date.now() - 3 * HOUR_MS;
  await user.send(clientId, { m: 'a', t: 90, time });
  await user.send(clientId, { m: 'b', t: 90 });
  await user.send(clientId, { m: 'b', t: 70 });
}

/** Waits until a set has everything, and publishes. */
async function settled(setId: string): Promise<void> {
  const sets = createPartitionSetsClient(temporal, 'unused');
  await vi.waitFor(async () => {
    const state = await sets.state(setId);
    expect(state?.faults).toEqual([]);
    expect([state?.recovery, state?.muted, state?.unpublished]).toEqual([undefined, undefined, 0]);
  }, PATIENT);
}

describe('a rule with backfill', () => {
  it.each([
    ['', {}],
    [', also in groups', { groupBy: ['type'] }],
  ])('publishes what fires when it starts, and nothing that is over%s', async (what, changes) => {
    const clientId = `backfill-${what.length}`;
    await sendPast(clientId);
    const alerts = await user.listen(clientId);
    await vigil.put(ruleOf(clientId, changes));
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['m=a firing #1 condition']), PATIENT);
    expect(Date.now() - Date.parse(alerts[0]?.data.startsAt ?? '')).toBeGreaterThan(2 * HOUR_MS);
    await user.send(clientId, { m: 'b', t: 91 });
    await user.send(clientId, { m: 'a', t: 70 });
    const expected = ['m=a firing #1 condition', 'm=a resolved #1 cleared', 'm=b firing #1 condition'];
    await vi.waitFor(() => expect(summary(alerts)).toEqual(expected), PATIENT);
  });

  it(
    'is primed again by a change that loses state, and rebuilt with the same alerts',
    { timeout: TEST_WITHIN_MS },
    async () => {
      const clientId = 'backfill-change';
      await sendPast(clientId);
      const alerts = await user.listen(clientId);
      const published = (...expected: string[]): Promise<void> =>
        vi.waitFor(() => expect(summary(alerts)).toEqual(expected.sort()), PATIENT);
      await vigil.put(ruleOf(clientId));
      const first = ['m=a firing #1 condition'];
      await published(...first);
      await user.send(clientId, { m: 'c', t: 95 });
      await user.send(clientId, { m: 'd', t: 95 });
      await user.send(clientId, { m: 'd', t: 60 });
      const second = ['m=c firing #1 condition', 'm=d firing #1 condition', 'm=d resolved #1 cleared'];
      await published(...first, ...second);

      // What was in the last hour: a has been hot for longer, but the event came in it.
      const max = { calc: 'max', property: 't', within: '1h', gt: 80 };
      await vigil.put(ruleOf(clientId, { evaluate: { type: 'each', having: { ...max, gt: 92 } } }));
      const third = ['m=a resolved #1 ruleUpdated', 'm=d firing #2 condition'];
      await published(...first, ...second, ...third);

      const setId = partitionSetIds(ruleOf(clientId)).of([]);
      await settled(setId);
      await temporal.workflow.getHandle(setId).terminate('a test');
      await user.send(clientId, { m: 'e', t: 99 });
      await published(...first, ...second, ...third, 'm=e firing #1 condition');
      await settled(setId);
      await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/hot/reset`, { method: 'POST', body: '{"by":"ana"}' });
      await user.send(clientId, { m: 'f', t: 99 });
      await published(...first, ...second, ...third, 'm=e firing #1 condition', 'm=f firing #1 condition');
      await settled(setId);
    },
  );

  it('is not primed again by a change that loses nothing', async () => {
    const clientId = 'backfill-nothing';
    await sendPast(clientId);
    const alerts = await user.listen(clientId);
    await vigil.put(ruleOf(clientId));
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['m=a firing #1 condition']), PATIENT);
    const setId = partitionSetIds(ruleOf(clientId)).of([]);
    const startedAt = async (): Promise<unknown> =>
      (await createPartitionSetsClient(temporal, 'unused').state(setId))?.state.startedAt;
    const before = await startedAt();
    await vigil.put(ruleOf(clientId, { evaluate: { type: 'each', having: { ...hot, gt: 85 } } }));
    await user.send(clientId, { m: 'b', t: 84 });
    await user.send(clientId, { m: 'c', t: 86 });
    const expected = ['m=a firing #1 condition', 'm=c firing #1 condition'];
    await vi.waitFor(() => expect(summary(alerts)).toEqual(expected), PATIENT);
    expect(await startedAt()).toBe(before);
  });
});
