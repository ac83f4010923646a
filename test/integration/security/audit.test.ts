import { randomUUID } from 'node:crypto';
import { DiscardPolicy } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../../src/core/model/access/audit.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { createAuditReader, createAuditWriter } from '../../../src/nats/audit/audit-stream.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { valueOf } from '../../support/metrics/prometheus-text.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const PATIENT = { timeout: 30_000, interval: 50 };

let vigil: TestVigil;
let user: NatsUser;
beforeAll(async () => {
  [vigil, user] = await Promise.all([startVigil({ servers }), connectUser(servers.natsUrl)]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
});

const HOT = parseRule({
  ...{ id: 'hot', clientId: CLIENT, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
});

const ask = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${vigil.app.url}/api${path}`, {
    method,
    headers: { 'vigil-user': 'ana' },
    ...(body && { body: JSON.stringify(body) }),
  });
const RULE = `/clients/${CLIENT}/rules/hot`;

async function shown(path = `/clients/${CLIENT}/audit`): Promise<string[]> {
  const { entries } = (await (await ask('GET', path)).json()) as { entries: AuditEntry[] };
  return entries.map(({ by, action, ruleId, from, code, result }) =>
    [by, action, ruleId, from.channel, from.address?.replace('::ffff:', ''), code ?? result].join(' '),
  );
}

it('says who has put a rule, acknowledged its alert and deleted it, also after a restart', async () => {
  await ask('PUT', RULE, HOT);
  await user.send(CLIENT, { m: 'a', t: 90 });
  const alertId = await vi.waitFor(async () => {
    const { alerts } = (await (await ask('GET', `/clients/${CLIENT}/alerts`)).json()) as { alerts: { id: string }[] };
    expect(alerts).toHaveLength(1);
    return alerts[0]?.id ?? '';
  }, PATIENT);
  expect((await ask('POST', `/clients/${CLIENT}/alerts/${alertId}/acknowledge`, { by: 'bo' })).status).toBe(200);
  expect((await ask('DELETE', RULE)).status).toBe(204);
  expect((await ask('DELETE', RULE)).status).toBe(404);

  const expected = [
    'ana deleteRule hot api 127.0.0.1 RULE_NOT_FOUND',
    'ana deleteRule hot api 127.0.0.1 ok',
    'ana acknowledgeAlert hot api 127.0.0.1 ok',
    'ana putRule hot api 127.0.0.1 ok',
  ];
  expect(await shown()).toEqual(expected);
  const versions = {
    versions: [
      { change: 'deleted', by: 'ana' },
      { change: 'created', by: 'ana' },
    ],
  };
  expect(await (await ask('GET', `${RULE}/versions`)).json()).toMatchObject(versions);

  await vigil.stop();
  await servers.nats.kill();
  await servers.nats.restart();
  vigil = await startVigil({ servers });
  expect(await shown()).toEqual(expected);
  expect(await shown('/audit?action=acknowledgeAlert')).toEqual([expected[2]]);
  expect(await (await ask('GET', `${RULE}/versions`)).json()).toMatchObject(versions);
});

describe('a stream that refuses entries', () => {
  it('does not undo the change: the log has the entry, and /healthz and the metrics say so', async () => {
    const { streams } = await user.connection.jetstreamManager();
    await streams.update('AUDIT', { max_msgs: 1, discard: DiscardPolicy.New });
    expect((await ask('PUT', `/clients/${CLIENT}/rules/other`, { ...HOT, id: 'other' })).status).toBe(201);
    expect(vigil.complaints.join('\n')).toMatch(
      /this entry is not stored.*"by":"ana".*"action":"putRule".*"ruleId":"other"/,
    );
    const health = await (await fetch(`${vigil.app.url}/healthz`)).json();
    expect(health).toMatchObject({ status: 'degraded', reasons: [{ part: 'nats', code: 'AUDIT_NOT_STORED' }] });
    const metrics = await (await fetch(`${vigil.app.url}/metrics`)).text();
    expect(valueOf(metrics, 'vigil_audit_failures_total', { reason: 'refused' })).toBeGreaterThan(0);
    expect(valueOf(metrics, 'vigil_audit_waiting')).toBe(1);

    await streams.update('AUDIT', { max_msgs: -1, discard: DiscardPolicy.Old });
    await ask('POST', `/clients/${CLIENT}/rules/other/disable`);
    await vi.waitFor(async () =>
      expect(await (await fetch(`${vigil.app.url}/healthz`)).json()).toMatchObject({ status: 'ok' }),
    );
    // The entry that was refused is stored after all, once.
    expect((await shown('/audit?rule=other')).sort()).toEqual([
      'ana disableRule other api 127.0.0.1 ok',
      'ana putRule other api 127.0.0.1 ok',
    ]);
  });
});

describe('the entries of a client among those of others', () => {
  const entry = (clientId: string | null, ruleId: string): AuditEntry => ({
    ...{ at: new Date().toISOString(), by: 'ana', from: { channel: 'api', address: null } },
    ...{ action: 'putRule', clientId, ruleId, result: 'ok' },
  });

  it('are found page by page, and from a time on', async () => {
    const js = user.connection.jetstream();
    const store = createAuditWriter(js);
    const write = (each: AuditEntry): Promise<void> => store(each, randomUUID());
    const reader = createAuditReader(js, await user.connection.jetstreamManager());
    const ofOthers = async () => {
      for (let n = 0; n < 8; n++) await Promise.all(Array.from({ length: 100 }, () => write(entry('others', 'x'))));
    };
    await write(entry('few', 'first'));
    await ofOthers();
    await write(entry('few', 'second'));
    const sinceMs = Date.now() + 1;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(sinceMs));
    await write(entry(null, 'nobody'));
    await ofOthers();
    await write(entry('few', 'third'));
    await js.publish('vigil.audit.few', 'no JSON');

    const idsOf = async (query: Partial<Parameters<typeof reader.list>[0]>) => {
      const { entries, next } = await reader.list({ clientId: 'few', limit: 10, ...query });
      return { ids: entries.map(({ ruleId }) => ruleId), next };
    };
    expect(await idsOf({})).toEqual({ ids: ['third', 'second', 'first'], next: null });
    const first = await idsOf({ limit: 2 });
    expect(first.ids).toEqual(['third', 'second']);
    expect(await idsOf({ limit: 2, before: first.next ?? 0 })).toEqual({ ids: ['first'], next: null });
    expect((await idsOf({ sinceMs })).ids).toEqual(['third']);
    expect((await idsOf({ ruleId: 'second' })).ids).toEqual(['second']);
    expect((await idsOf({ clientId: undefined, ruleId: 'nobody' })).ids).toEqual(['nobody']);
  });
});
