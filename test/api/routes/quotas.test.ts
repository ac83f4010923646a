import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import type { Quotas } from '../../../src/core/model/quotas/quotas.ts';
import { NO_QUOTAS } from '../../support/vigil/no-quotas.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../fakes/fake-ports.ts';

const QUOTAS = '/api/clients/client-01/quotas';
/** A whole minute of the year. */
const NOON = Date.UTC(2026, 0, 1, 12);

function start(quotas: Partial<Quotas> = {}): FakeVigil & {
  ask: (method: string, path: string, body?: object) => Promise<Response>;
} {
  vi.useFakeTimers({ now: NOON, toFake: ['Date', 'performance'] });
  const vigil = fakeVigil({ rules: [machineRule('client-01', 'hot')], quotas: { ...NO_QUOTAS, ...quotas } });
  const app = createApi(vigil.deps);
  const ask = async (method: string, path: string, body?: object) =>
    app.request(path, { method, ...(body && { body: JSON.stringify(body) }) });
  return { ...vigil, ask };
}
afterEach(() => void vi.useRealTimers());

describe('the quotas of a client', () => {
  it('are the defaults until it has its own, and again when they are cleared', async () => {
    const { ask, audit } = start({ rules: 10, eventsPerSecond: 5 });
    const read = async (method = 'GET', body?: object) => (await ask(method, QUOTAS, body)).json();
    const defaults = { ...NO_QUOTAS, rules: 10, eventsPerSecond: 5 };
    expect(await read()).toEqual({ clientId: 'client-01', quotas: defaults, own: {}, defaults, eventsFrom: null });
    expect(await read('PUT', { rules: null, eventsPerSecond: 50 })).toMatchObject({
      quotas: { ...defaults, rules: null, eventsPerSecond: 50 },
      own: { rules: null, eventsPerSecond: 50 },
      eventsFrom: '2026-01-01T12:01:00.000Z',
    });
    expect(await read('PUT', { alertsPerMinute: 3 })).toMatchObject({ quotas: { ...defaults, alertsPerMinute: 3 } });
    expect(await read('DELETE')).toMatchObject({ quotas: defaults, own: {} });
    expect(audit.map(({ action }) => action)).toEqual(['setQuotas', 'setQuotas', 'clearQuotas']);
  });

  it.each([{ rules: 0 }, { rules: '5' }, { rule: 5 }])('cannot be %j', async (body) => {
    const answer = await start().ask('PUT', QUOTAS, body);
    expect(answer.status).toBe(400);
    const problem = (await answer.json()) as { code: string; detail: string };
    expect(problem.code).toBe('REQUEST_INVALID');
    expect(problem.detail).toContain('rules');
  });

  it('stay when the client is paused and resumed', async () => {
    const { ask } = start();
    await ask('PUT', QUOTAS, { rules: 5 });
    await ask('POST', '/api/clients/client-01/pause', {});
    await ask('POST', '/api/clients/client-01/resume', {});
    expect(await (await ask('GET', QUOTAS)).json()).toMatchObject({ own: { rules: 5 } });
  });
});

describe('events over HTTP', () => {
  const publish = (vigil: ReturnType<typeof start>, client = 'client-01'): Promise<Response> =>
    vigil.ask('POST', `/api/clients/${client}/events/status`, { machineId: 'm1' });

  it('over the quota of their client are refused before they are stored, until the bucket is filled up', async () => {
    const vigil = start();
    await vigil.ask('PUT', QUOTAS, { eventsPerSecond: 1 });
    vi.setSystemTime(NOON + 63_000);
    for (let count = 0; count < 10; count++) expect((await publish(vigil)).status).toBe(202);
    const refused = await publish(vigil);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await refused.json()).toMatchObject({ code: 'QUOTA_EVENTS', fields: { quota: 1, retryAfterSeconds: 7 } });
    expect(vigil.published).toHaveLength(10);
    expect(vigil.overQuota).toEqual([{ client: 'client-01', quota: 'eventsPerSecond' }]);
    expect((await publish(vigil, 'client-02')).status).toBe(202);
    vi.setSystemTime(NOON + 70_000);
    expect((await publish(vigil)).status).toBe(202);
  });

  it('that are not valid cost nothing', async () => {
    const vigil = start();
    await vigil.ask('PUT', QUOTAS, { eventsPerSecond: 1 });
    vi.setSystemTime(NOON + 60_000);
    for (let count = 0; count < 20; count++)
      await vigil.ask('POST', '/api/clients/client-01/events/status', { time: 'never' });
    expect((await publish(vigil)).status).toBe(202);
  });
});

describe('previews', () => {
  const preview = (vigil: ReturnType<typeof start>, client = 'client-01'): Promise<Response> =>
    vigil.ask('POST', `/api/clients/${client}/rules/preview`, { rule: machineRule(client, 'hot'), since: '1h' });

  it('that begin between two fillings leave out what was over the quota, as the reader did', async () => {
    const vigil = start();
    await vigil.ask('PUT', QUOTAS, { eventsPerSecond: 1 });
    vi.setSystemTime(NOON + 605_000);
    // The bucket of 10 was filled up 65 s ago; the preview begins 60 s ago.
    for (const agoMs of [...Array.from({ length: 8 }, () => 62_000), ...Array.from({ length: 3 }, () => 58_000)])
      vigil.archive.store('client-01', 'status', { machineId: 'm1', state: 'stopped' }, agoMs);
    vigil.archive.store('client-01', 'status', { machineId: 'm1', state: 'stopped' }, 65_500);
    const answer = await vigil.ask('POST', '/api/clients/client-01/rules/preview', {
      rule: machineRule('client-01', 'hot'),
      since: '1m',
    });
    expect(await answer.json()).toMatchObject({ events: { read: 3, total: 3, unusable: 1 } });
  });

  it('are refused once they have used the time of their client, until the next hour', async () => {
    const vigil = start({ previewSecondsPerHour: 2 });
    vigil.archive.gate = async () => void vi.advanceTimersByTime(1_500);
    const stored = { machineId: 'm1', state: 'stopped' };
    for (const client of ['client-01', 'client-02']) vigil.archive.store(client, 'status', stored, 1_000);
    expect(await (await preview(vigil)).json()).toMatchObject({ stoppedBy: null });
    expect(await (await preview(vigil)).json()).toMatchObject({ stoppedBy: 'time' });
    const refused = await preview(vigil);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3597']);
    expect(await refused.json()).toMatchObject({ code: 'QUOTA_PREVIEWS' });
    expect(vigil.overQuota).toEqual([{ client: 'client-01', quota: 'previewSecondsPerHour' }]);
    expect((await preview(vigil, 'client-02')).status).toBe(200);
    vi.setSystemTime(NOON + 3_600_000);
    expect((await preview(vigil)).status).toBe(200);
  });
});
