import { describe, expect, test, vi } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { HTTP_STATUS } from '../../src/api/errors.ts';
import { ERROR_CODES, VigilError } from '../../src/core/primitives/errors.ts';
import { fakeVigil, machineRule } from './fakes/fake-ports.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
const post = (body: unknown) => ({ method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) });

describe('GET /healthz', () => {
  test('answers 200 with the state of each part when all parts are up', async () => {
    const vigil = fakeVigil();
    const answer = await createApi(vigil.deps).request('/healthz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(vigil.health);
  });

  test('answers 200 with advice while degraded, so that the process is not restarted', async () => {
    const vigil = fakeVigil();
    const reason = {
      part: 'worker',
      code: 'WORKFLOW_BUG',
      message: 'Tasks fail.',
      since: '2026-01-01T00:00:00Z',
      fields: { clientId: 'client-01' },
    } as const;
    Object.assign(vigil.health, { status: 'degraded', reasons: [reason], reasonCount: 1 });
    const answer = await createApi(vigil.deps).request('/healthz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'degraded', reasons: [reason], reasonCount: 1 });
  });

  test.each(['starting', 'down'] as const)('returns 503 while the status is %s', async (status) => {
    const vigil = fakeVigil();
    vigil.health.status = status;
    const answer = await createApi(vigil.deps).request('/healthz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status });
  });
});

describe('GET /api/processes', () => {
  const ask = async (pollers: () => Promise<never>): Promise<Response> => {
    const { deps } = fakeVigil();
    const quiet = { error: () => undefined };
    return createApi({ ...deps, processes: { ...deps.processes, pollers } }, { logger: quiet }).request(
      '/api/processes',
    );
  };

  test('lists the processes also if Temporal does not answer', async () => {
    const answer = await ask(() => Promise.reject(new VigilError('TEMPORAL_UNREACHABLE', 'Wait.', {})));
    expect(await answer.json()).toMatchObject({ processes: [{ id: 'a', lanes: [0, 1] }], pollers: null });
  });

  test('says it if something else fails', async () => {
    expect((await ask(() => Promise.reject(new Error('no access')))).status).toBe(500);
  });
});

describe('GET /api/links and /api/clients', () => {
  test('return the links', async () => {
    const vigil = fakeVigil();
    const answer = await createApi(vigil.deps).request('/api/links');
    expect(await answer.json()).toEqual({
      temporalUi: 'http://localhost:8233',
      temporalNamespace: 'default',
      nats: 'nats://localhost:4222',
    });
  });

  test('list each client with rules or simulated machines once', async () => {
    const machines = {
      list: () => [{ clientId: 'client-02', machineId: 'm', state: 'stopped' as const, held: false, silent: false }],
      start() {},
      stop() {},
      silence() {},
      unsilence() {},
      release() {},
    };
    const rules = [machineRule('client-03', 'a'), machineRule('client-02', 'b')];
    const answer = await createApi(fakeVigil({ rules, machines }).deps).request('/api/clients');
    expect(await answer.json()).toEqual({ clients: ['client-02', 'client-03'], next: null });
  });
});

describe('POST /api/clients/:clientId/events/:type', () => {
  test('publishes the body and answers 202 with its sequence', async () => {
    const vigil = fakeVigil();
    const answer = await createApi(vigil.deps).request(
      '/api/clients/client-01/events/status',
      post({ machineId: 'm1', state: 'stopped' }),
    );
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ sequence: 1, duplicate: false });
    expect(vigil.published).toMatchObject([
      { kind: 'event', clientId: 'client-01', type: 'status', data: { machineId: 'm1', state: 'stopped' } },
    ]);
  });

  test('accepts a type with several parts', async () => {
    const answer = await createApi(fakeVigil().deps).request(
      '/api/clients/client-01/events/plant.line-1.status',
      post({}),
    );
    expect(answer.status).toBe(202);
  });

  test.each([
    ['not JSON', '{"state":', 'Send a JSON object.'],
    ['empty', '', 'Send a JSON object.'],
    ['null', 'null', 'The body is not an object.'],
  ])('rejects a body that is %s', async (_, body, text) => {
    const answer = await createApi(fakeVigil().deps).request('/api/clients/client-01/events/status', {
      method: 'POST',
      headers: JSON_HEADERS,
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'EVENT_INVALID',
      detail: expect.stringContaining(text) as string,
    });
  });

  test.each([
    ["another client's", { clientId: 'client-02' }, 'wrong-client'],
    ['of another type', { type: 'report' }, 'wrong-type'],
    ['with an invalid time', { time: 'yesterday' }, 'time'],
    ['6 minutes ahead', { time: Date.now() + 6 * 60_000 }, 'future'],
    ['a CloudEvent without an id', { specversion: '1.0', source: '/x', type: 'status', data: {} }, 'cloudevents'],
  ])('rejects an event that would become a dead letter, with the reason: %s', async (_, event, reason) => {
    const vigil = fakeVigil();
    const answer = await createApi(vigil.deps).request('/api/clients/client-01/events/status', post(event));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'EVENT_INVALID', fields: { reason } });
    expect(vigil.published).toEqual([]);
  });

  test('rejects an event that is nested too deeply to serialize', async () => {
    const body = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`;
    const answer = await createApi(fakeVigil().deps).request('/api/clients/client-01/events/status', {
      method: 'POST',
      headers: JSON_HEADERS,
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'EVENT_INVALID', fields: { reason: 'unusable' } });
  });

  test('accepts a CloudEvent', async () => {
    const event = { specversion: '1.0', id: '1', source: '/x', type: 'anything', data: { machineId: 'm1' } };
    const answer = await createApi(fakeVigil().deps).request('/api/clients/client-01/events/status', post(event));
    expect(answer.status).toBe(202);
  });

  test.each(['a..b', '*', 'a.%3E', 'a%20b'])('rejects the type %s, which is not a valid subject', async (type) => {
    const answer = await createApi(fakeVigil().deps).request(`/api/clients/client-01/events/${type}`, post({}));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'EVENT_INVALID' });
  });

  test.each(['*', 'Client', 'a.b', '-x'])('rejects the client id %s', async (clientId) => {
    const answer = await createApi(fakeVigil().deps).request(`/api/clients/${clientId}/events/status`, post({}));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'REQUEST_INVALID', fields: { clientId } });
  });

  test.each(['content-length', 'chunks'])('rejects a body above 256 KB, by its %s', async (how) => {
    const body = JSON.stringify({ text: 'x'.repeat(256 * 1024) });
    const headers = how === 'chunks' ? JSON_HEADERS : { ...JSON_HEADERS, 'content-length': String(body.length) };
    const answer = await createApi(fakeVigil().deps).request('/api/clients/client-01/events/status', {
      method: 'POST',
      headers,
      body,
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE', fields: { maxBytes: 262_144 } });
  });

  test('rejects an event whose serialized JSON is too large for NATS', async () => {
    const vigil = fakeVigil();
    const body = `{"numbers":[${Array.from({ length: 50_000 }, () => '1e20').join(',')}]}`;
    const answer = await createApi(vigil.deps).request('/api/clients/client-01/events/status', {
      method: 'POST',
      body,
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE', fields: { maxBytes: 524_288 } });
  });
});

test('POST /api/clients/:clientId/test-alert publishes an alert marked as a test', async () => {
  const vigil = fakeVigil();
  const answer = await createApi(vigil.deps).request('/api/clients/client-01/test-alert', { method: 'POST' });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };
  expect(vigil.published).toMatchObject([
    { kind: 'alert', alert: { id, data: { clientId: 'client-01', labels: { test: 'true' } } } },
  ]);
});

describe('errors', () => {
  test.each([
    ['DELETE', '/api/clients/client-01/rules', 'GET'],
    ['POST', '/api/clients/client-01/rules/hot', 'DELETE, GET, PUT'],
    ['PUT', '/api/clients/client-01/rules/hot/explain', 'GET'],
    ['GET', '/api/clients/client-01/test-alert', 'POST'],
    ['POST', '/healthz', 'GET'],
  ])('%s %s is a 405 that says what is allowed', async (method, path, allowed) => {
    const answer = await createApi(fakeVigil().deps).request(path, { method, headers: JSON_HEADERS });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
    expect(await answer.json()).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      fields: { method, path, allowed: allowed.split(', ') },
    });
  });

  test('are problem details, also for an unknown path', async () => {
    const answer = await createApi(fakeVigil().deps).request('/api/nothing');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND', fields: { path: '/api/nothing' } });
  });

  test('each error code has its status', () => {
    expect(Object.keys(HTTP_STATUS).sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  test('a part that does not answer is a 503 and logged', async () => {
    const vigil = fakeVigil();
    const logger = { error: vi.fn() };
    vigil.deps.events.publish = () => Promise.reject(new VigilError('NATS_UNREACHABLE', 'Start it.'));
    const answer = await createApi(vigil.deps, { logger }).request('/api/clients/client-01/events/status', post({}));
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      type: 'urn:vigil:error:NATS_UNREACHABLE',
      title: 'NATS does not answer.',
      status: 503,
      detail: 'Start it.',
      code: 'NATS_UNREACHABLE',
      fields: {},
    });
    expect(logger.error).toHaveBeenCalledOnce();
  });

  test('an unexpected error is logged, without details in the response', async () => {
    const vigil = fakeVigil();
    const logger = { error: vi.fn() };
    vigil.deps.rules.clients = () => Promise.reject(new Error('password is hunter2'));
    const answer = await createApi(vigil.deps, { logger }).request('/api/clients');
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL' });
    expect(text).not.toContain('hunter2');
    expect(logger.error).toHaveBeenCalledWith(expect.objectContaining({ path: '/api/clients' }), expect.any(String));
  });
});
