import { describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import type { ApiDeps } from '../../src/api/ports.ts';
import type { Authenticator } from '../../src/api/ports/access.ts';
import type { HealthReport } from '../../src/api/ports/service.ts';
import { createAuthenticator } from '../../src/api/access/authenticate.ts';
import { createStatusApi } from '../../src/api/status-api.ts';
import { StartupServer } from '../../src/app/startup-server.ts';
import { createMetrics } from '../../src/observability/metrics/metrics.ts';
import { METRICS } from '../../src/observability/metrics/table.ts';
import { ALL_METRICS } from '../support/metrics/all-metrics.ts';
import { parsePrometheusText, valueOf } from '../support/metrics/prometheus-text.ts';
import { fakeVigil } from './fakes/fake-ports.ts';

const withMetrics = (metrics = createMetrics()): ApiDeps => ({ ...fakeVigil().deps, metrics });
const read = async (api: { request: (path: string) => Response | Promise<Response> }): Promise<string> =>
  (await api.request('/metrics')).text();

describe('GET /metrics', () => {
  test('has every metric of this process with a description', async () => {
    const answer = await createApi(withMetrics()).request('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const families = parsePrometheusText(await answer.text());
    for (const { name, type, help } of Object.values(METRICS))
      expect(families.get(name), name).toMatchObject({ type, help });
    expect([...families.keys()]).toEqual(
      expect.arrayContaining(['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']),
    );
  });

  test('has the metrics of the Temporal SDK after its own', async () => {
    const sdk =
      '# HELP temporal_request_total requests\n# TYPE temporal_request_total counter\ntemporal_request_total{operation="Signal"} 7\n';
    const page = await read(createApi(withMetrics(createMetrics(async () => sdk))));
    expect(valueOf(page, 'temporal_request_total', { operation: 'Signal' })).toBe(7);
    expect(valueOf(page, 'vigil_collect_failures_total', { source: 'temporal-sdk' })).toBe(0);
  });

  test('answers and counts a collect failure if the SDK does not answer', async () => {
    const page = await read(createApi(withMetrics(createMetrics(() => Promise.reject(new Error('gone'))))));
    expect(valueOf(page, 'vigil_collect_failures_total', { source: 'temporal-sdk' })).toBe(1);
    expect(valueOf(page, 'vigil_events_matched_total')).toBe(0);
  });

  test('rejects other host names', async () => {
    const answer = await createApi(withMetrics()).request('http://rebound.example.com/metrics');
    expect(answer.status).toBe(403);
  });

  test('measures requests by route, including unknown paths', async () => {
    const api = createApi(withMetrics());
    for (const client of ['client-01', 'client-02']) await api.request(`/api/clients/${client}/rules`);
    await api.request('/api/clients/client-01/rules/none');
    await api.request('/nowhere');
    const page = await read(api);
    const count = (route: string, status: string): number | undefined =>
      valueOf(page, 'vigil_http_request_seconds_count', { method: 'GET', route, status });
    expect(count('/api/clients/:clientId/rules', '200')).toBe(2);
    expect(count('/api/clients/:clientId/rules/:ruleId', '404')).toBe(1);
    expect(count('/*', '404')).toBe(1);
  });
});

describe('during the start', () => {
  const reason = {
    part: 'nats',
    code: 'SET_HELD' as const,
    message: 'of client-01',
    since: '2026-01-01T00:00:00Z',
    fields: {},
  };
  const report = (): HealthReport => ({ status: 'degraded', parts: {}, reasons: [reason], reasonCount: 1 });
  const authenticator = (adminToken?: string): Authenticator =>
    createAuthenticator({ tokens: fakeVigil().deps.tokens, adminToken });
  const started = (adminToken?: string): StartupServer => {
    const door = new StartupServer(report);
    const status = { health: report, metrics: createMetrics(), authenticator: authenticator(adminToken) };
    door.openStatus(createStatusApi(status, { logger: { error: () => undefined } }));
    return door;
  };

  test.each(['/metrics', '/api/clients'])('%s is refused until vigil knows its tokens', async (path) => {
    const early = await new StartupServer(report).app.request(path);
    expect([early.status, early.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(await early.json()).toMatchObject({ code: 'STARTING', title: 'vigil is starting.' });
  });

  test('/metrics answers as soon as it does; the rest of the API later', async () => {
    const { app } = started();
    const answer = await app.request('/metrics');
    expect(answer.status).toBe(200);
    expect(valueOf(await answer.text(), 'vigil_signals_total', { result: 'refused' })).toBe(0);
    expect((await app.request('/api/clients')).status).toBe(503);
  });

  test('/metrics and the reasons of /healthz need a token, if there are tokens', async () => {
    const secret = 'the-token-of-the-administrator';
    const { app } = started(secret);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await app.request('/metrics')).status).toBe(401);
    expect((await app.request('/metrics', { headers })).status).toBe(200);
    const reasons = async (init: RequestInit) =>
      ((await (await app.request('/healthz', init)).json()) as HealthReport).reasons;
    expect([await reasons({}), await reasons({ headers })]).toEqual([[], [reason]]);
  });
});

describe('the names of metrics', () => {
  test('follow the conventions of Prometheus', () => {
    for (const { name, type, labels = [], values, buckets } of ALL_METRICS) {
      expect(name).toMatch(/^vigil_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(buckets !== undefined, name).toBe(type === 'histogram');
      expect([...(buckets ?? [])]).toEqual([...(buckets ?? [])].sort((a, b) => a - b));
      if (values !== undefined) expect(labels, name).toHaveLength(1);
    }
    expect(new Set(ALL_METRICS.map(({ name }) => name)).size).toBe(ALL_METRICS.length);
  });
});
