import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertData } from '../../../src/core/model/alert/alert.ts';
import { isoTime } from '../../../src/core/primitives/text/iso-time.ts';
import type { RulePreview } from '../../../src/cli/output/preview-report.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const PATIENT = { timeout: 20_000, interval: 50 };

let vigil: TestVigil;
let user: NatsUser;
beforeAll(async () => {
  [vigil, user] = await Promise.all([startVigil({ servers }), connectUser(servers.natsUrl)]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  expect(vigil.failures).toEqual([]);
});

const brief = ({
  status,
  severity,
  group,
  partition,
}: AlertData | RulePreview['preview']['alerts']['first'][number]) => ({
  ...{ status, severity, group, partition },
});

it('a preview of the running rule has the alerts that the rule has published', async () => {
  const clientId = `preview-${randomUUID()}`;
  const rule = parseRule({
    id: 'hot',
    clientId,
    where: [{ property: 'type', equals: 'status' }],
    groupBy: ['hall'],
    partitionBy: ['m'],
    evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
    for: '1s',
  });
  const other = await user.send('preview-other', { hall: 'a', m: 'z', t: 99 });
  const { storedAtMs, version } = await vigil.put(rule);
  const published = await user.listen(clientId);
  const sent = [
    { hall: 'a', m: 'm1', t: 90 },
    { hall: 'b', m: 'm2', t: 95 },
    { hall: 'b', m: 'm3', t: 70 },
  ];
  for (const event of sent) await user.send(clientId, event);
  await expect.poll(() => published.length, PATIENT).toBe(2);
  await user.send(clientId, { hall: 'a', m: 'm1', t: 60 });
  await expect.poll(() => published.length, PATIENT).toBe(3);
  expect(other).toBeGreaterThan(0);

  const preview = async (changed: object): Promise<RulePreview> => {
    const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/preview`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rule: { ...rule, ...changed }, since: isoTime(storedAtMs) }),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as RulePreview;
  };

  const same = await preview({});
  // Two alerts may share their millisecond: the order is total only with what else they say.
  const order = (one: object, other: object) => JSON.stringify(one).localeCompare(JSON.stringify(other));
  const expected = published.map(({ data }) => ({ at: data.evaluatedAt, ...brief(data) })).sort(order);
  expect(same.preview.alerts.first.map((alert) => ({ at: alert.at, ...brief(alert) })).sort(order)).toEqual(expected);
  expect(same).toMatchObject({
    stoppedBy: null,
    events: { read: 4, total: 4, unusable: 0 },
    preview: { matched: 4, partitionSets: 2, byStatus: { firing: 2, resolved: 1 }, stillFiring: 1 },
    running: { version },
    difference: { same: 3, onlyPreview: { count: 0 }, onlyRunning: { count: 0 } },
  });

  const { difference } = await preview({
    evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 92 } },
  });
  expect(difference).toMatchObject({ same: 1, onlyPreview: { count: 0 } });
  expect(difference?.onlyRunning.first.map(brief)).toMatchObject([
    { status: 'firing', partition: { m: 'm1' } },
    { status: 'resolved', partition: { m: 'm1' } },
  ]);
  expect(published).toHaveLength(3);
});
