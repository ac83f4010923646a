import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import proto from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import type { HealthReport } from '../../../src/api/ports/service.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { connectUser, summary, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { temporalCli } from '../../support/servers/temporal-cli.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const PATIENT = { timeout: 30_000, interval: 50 };
/** The next attempt of a failing task comes after seconds. */
const RETRIED = { timeout: 90_000, interval: 200 };
const SIGNALS_PER_RUN = 4;

const keyOf = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, NEW] = [keyOf('k-old'), keyOf('k-new')];

/** Texts of the rule and its events that nobody may find in Temporal. The values of `where` are in the workflow id. */
const SECRETS = ['quokka-name', 'quokka-message', 'quokka-machine', 'quokka-note', 'celsius', '4711.25', '9999.5'];
const ruleOf = (clientId: string): Rule =>
  parseRule({
    ...{ id: 'hot', clientId, name: 'quokka-name', where: [{ property: 'type', equals: 'temperature' }] },
    ...{
      partitionBy: ['machineId'],
      evaluate: { type: 'any', having: { calc: 'latest', property: 'celsius', gt: 4711.25 } },
    },
    message: 'quokka-message {{value}}',
  });

const ADMIN = 'from-the-environment-of-vigil';
/** Partitions with long keys: about half a megabyte of a state that may have 750 KB, and half of that as it is packed. */
const LARGE = { partitions: 240, keyProperties: ['a', 'b', 'c', 'd'], keyLength: 250, bytes: 200_000 };

const { History } = proto.temporal.api.history.v1;

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [user, temporal] = await Promise.all([
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
  expect(vigil.failures).toEqual([]);
});

const start = async (...keys: string[]): Promise<void> => {
  vigil = await startVigil({ servers, signalsPerRun: SIGNALS_PER_RUN, env: settings(keys) });
};
const settings = (keys: readonly string[]): Record<string, string> =>
  keys.length === 0 ? {} : { VIGIL_ENCRYPTION_KEYS: keys.join(',') };
const restart = async (...keys: string[]): Promise<void> => {
  await vigil.stop();
  await start(...keys);
};
const send = async (clientId: string, celsius: number): Promise<number> =>
  user.send(clientId, { machineId: 'quokka-machine', celsius }, 'temperature');
const api = async (path: string, body?: object): Promise<Response> =>
  fetch(`${vigil.app.url}${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });

/** All that Temporal has of the runs of a partition set, payloads as text. */
async function storedOf(clientId: string): Promise<string> {
  const workflowId = partitionSetIds(ruleOf(clientId)).of([]);
  const found: string[] = [];
  const { workflowService } = temporal;
  const { executions } = await workflowService.listWorkflowExecutions({
    namespace: 'default',
    query: `WorkflowId = '${workflowId}'`,
  });
  for (const { execution = null } of executions) {
    const request = { namespace: 'default', execution };
    const { history } = await workflowService.getWorkflowExecutionHistory(request);
    found.push(readable(History.toObject(History.fromObject(history ?? {}))));
    found.push(readable(await workflowService.describeWorkflowExecution(request)));
  }
  expect(found).not.toEqual([]);
  return found.join('\n');
}

/** Every string and every byte of an object. */
const readable = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) => {
    if (each instanceof Uint8Array) return Buffer.from(each).toString('latin1');
    const { type, data } = (each ?? {}) as { type?: unknown; data?: number[] };
    return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data).toString('latin1') : each;
  });

describe('with keys, Temporal stores nothing readable', () => {
  it('of signals, state, alerts, updates, memos and what the UI shows', async () => {
    await start(OLD);
    const alerts = await user.listen('client-01', 'hot');
    await vigil.put(ruleOf('client-01'));
    for (const celsius of [20, 9999.5, 9999.5, 9999.5, 9999.5, 9999.5]) await send('client-01', celsius);
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
    expect(alerts[0]?.data.message).toBe('quokka-message 9999.5');

    const [{ id } = { id: '' }] = await firing('client-01');
    const path = `/api/clients/client-01/alerts/${id}`;
    expect((await api(`${path}/acknowledge`, { by: 'ana', note: 'quokka-note' })).status).toBe(200);
    // The refusal of the workflow comes back as it was.
    const refused = await api(`${path}/snooze`, { by: 'ana', until: '2020-01-01T00:00:00Z' });
    expect(await refused.json()).toMatchObject({ code: 'ACTION_INVALID' });
    // Temporal lists a new run a moment after its start.
    await vi.waitFor(async () => {
      const explanation = await (await api('/api/clients/client-01/rules/hot/explain')).text();
      expect(explanation).toContain('quokka-machine');
    }, PATIENT);

    // A signal may have several events: further ones come until the run continues as new.
    await vi.waitFor(async () => {
      await send('client-01', 9999.5);
      expect((await storedOf('client-01')).includes('Continued')).toBe(true);
    }, PATIENT);
    const stored = await storedOf('client-01');
    for (const secret of SECRETS) expect(stored).not.toContain(secret);
    expect(stored).toContain('binary/encrypted');
  });

  it('of a large state either, which continues as new with all of its partitions', async () => {
    const { partitions, keyProperties, keyLength, bytes } = LARGE;
    const rule = parseRule({
      ...{ id: 'hot', clientId: 'large', where: [{ property: 'type', equals: 'temperature' }] },
      ...{ partitionBy: keyProperties, evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 1 } } },
    });
    const alerts = await user.listen('large', 'hot');
    await vigil.put(rule);
    const key = (n: number) =>
      Object.fromEntries(keyProperties.map((name) => [name, `quokka-${n}-`.padEnd(keyLength, 'x')]));
    const sendAll = (t: number): Promise<unknown> =>
      Promise.all(Array.from({ length: partitions }, (_, n) => user.send('large', { ...key(n), t }, 'temperature')));
    await sendAll(1);
    await sendAll(1);
    const set = temporal.workflow.getHandle(partitionSetIds(rule).of([]));
    const inputBytes = async (): Promise<number> => {
      const { events } = await set.fetchHistory();
      const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      expect(Buffer.from(input?.metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
      return input?.data?.length ?? 0;
    };
    await vi.waitFor(async () => {
      await user.send('large', { ...key(0), t: 0 }, 'temperature');
      expect(await inputBytes()).toBeGreaterThan(bytes);
    }, PATIENT);
    await user.send('large', { ...key(partitions - 1), t: 2 }, 'temperature');
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
    const stored = JSON.stringify(await storedOf('large'));
    expect(stored).not.toContain('quokka');
  });

  it('while without keys all of it is there', async () => {
    await restart();
    const alerts = await user.listen('client-02', 'hot');
    await vigil.put(ruleOf('client-02'));
    for (const celsius of [20, 9999.5]) await send('client-02', celsius);
    await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
    const [{ id } = { id: '' }] = await firing('client-02');
    const action = { by: 'ana', note: 'quokka-note' };
    expect((await api(`/api/clients/client-02/alerts/${id}/acknowledge`, action)).status).toBe(200);
    const stored = await storedOf('client-02');
    for (const secret of SECRETS) expect(stored).toContain(secret);
    // What is never encrypted has nothing of it.
    const { workflowId, typedSearchAttributes } = await temporal.workflow
      .getHandle(partitionSetIds(ruleOf('client-02')).of([]))
      .describe();
    const plain = JSON.stringify([workflowId, typedSearchAttributes.getAll().map(({ value }) => value)]);
    for (const secret of SECRETS) expect(plain).not.toContain(secret);
    expect(plain).toContain('firing');
  });
});

describe('running workflows go on', () => {
  it('when encryption is turned on', async () => {
    await restart(NEW, OLD);
    const alerts = await user.listen('client-02', 'hot');
    await send('client-02', 21);
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['resolved #1 cleared']), PATIENT);
    await send('client-02', 9999.5);
    await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('firing #2 condition'), PATIENT);
  });

  it('when the key rotates', async () => {
    await send('client-01', 9999.5);
    await vi.waitFor(async () => expect(await storedOf('client-01')).toContain('k-new'), PATIENT);
    expect(await (await api('/api/clients/client-01/rules/hot/explain')).text()).toContain('quokka-machine');
  });

  it('after a time without their key: their tasks fail, /healthz names it, and nothing is lost', async () => {
    await restart(NEW);
    const alerts = await user.listen('client-01', 'hot');
    await send('client-01', 23);
    await vi.waitFor(async () => {
      const { reasons } = (await (await api('/healthz')).json()) as HealthReport;
      expect(reasons).toMatchObject([
        { code: 'WORKFLOW_UNREADABLE', fields: { clientId: 'client-01', ruleId: 'hot' } },
      ]);
      expect(reasons[0]?.message).toContain('"k-old"');
    }, RETRIED);
    expect(alerts).toEqual([]);
    await vigil.stop();
    vigil = await startVigil({ servers, env: { ...settings([NEW, OLD]), VIGIL_ADMIN_TOKEN: ADMIN } });
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['resolved #1 cleared']), RETRIED);
  });
});

describe("Temporal's command line", () => {
  it('shows what the token covers, with vigil as its codec server', async () => {
    const cli = await temporalCli(servers.temporalAddress);
    const codec = ['--codec-endpoint', `${vigil.app.url}/api/codec`];
    const tokenOf = async (clientId: string): Promise<string> => {
      const body = JSON.stringify({ name: 'on-call', role: 'viewer', clientId });
      const headers = { authorization: `Bearer ${ADMIN}` };
      const answer = await fetch(`${vigil.app.url}/api/tokens`, { method: 'POST', headers, body });
      return ((await answer.json()) as { token: string }).token;
    };
    const show = async (...options: string[]): Promise<string> =>
      cli('workflow', 'show', '-w', partitionSetIds(ruleOf('client-01')).of([]), '--detailed', ...options);

    expect(await show()).toContain(btoa('binary/encrypted'));
    expect(await show()).not.toContain('quokka');
    for (const token of [ADMIN, await tokenOf('client-01')])
      expect(await show(...codec, '--codec-auth', `Bearer ${token}`)).toContain('quokka-name');
    const refused = show(...codec, '--codec-auth', `Bearer ${await tokenOf('client-02')}`);
    await expect(refused).rejects.toMatchObject({ stdout: expect.not.stringContaining('quokka') as string });
  });
});

interface Listed {
  alerts: { id: string }[];
}
/** The alerts that fire, once there is one. */
async function firing(clientId: string): Promise<Listed['alerts']> {
  return vi.waitFor(async () => {
    const { alerts } = (await (await api(`/api/clients/${clientId}/alerts`)).json()) as Listed;
    expect(alerts).not.toEqual([]);
    return alerts;
  }, PATIENT);
}
