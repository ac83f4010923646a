import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import { runPreview } from '../../../src/api/previews/run-preview.ts';
import type { RulePreview } from '../../../src/cli/output/preview-report.ts';
import { createMetrics } from '../../../src/observability/metrics/metrics.ts';
import { valueOf } from '../../support/metrics/prometheus-text.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'stopped', 'any');
const ADDRESS = '/api/clients/client-01/rules/preview';
const MINUTE_MS = 60_000;

type Ask = (body: object, init?: RequestInit & { path?: string }) => Promise<Response>;

const opened = (): FakeVigil & { ask: Ask } => withApi(fakeVigil({ rules: [RULE] }));

function withApi(vigil: FakeVigil): FakeVigil & { ask: Ask } {
  const app = createApi(vigil.deps, { logger: { error: () => undefined } });
  const ask: Ask = async (body, { path = ADDRESS, headers = {}, ...init } = {}) =>
    app.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      ...init,
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
    });
  return { ...vigil, ask };
}

afterEach(() => void vi.restoreAllMocks());

/** Stops after half an hour, runs again after 10 minutes. */
function withStop(): ReturnType<typeof opened> {
  const vigil = opened();
  vigil.archive.store('client-01', 'status', { machineId: 'm1', state: 'running' }, 30 * MINUTE_MS);
  vigil.archive.store('client-01', 'status', { machineId: 'm1', state: 'stopped' }, 20 * MINUTE_MS);
  vigil.archive.store('client-01', 'status', { machineId: 'm1', state: 'running' }, 10 * MINUTE_MS);
  vigil.archive.store('client-02', 'status', { machineId: 'm1', state: 'stopped' }, 5 * MINUTE_MS);
  return vigil;
}

const held = (vigil: FakeVigil): (() => void) => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  vigil.archive.gate = () => released;
  return () => release();
};

describe('POST /api/clients/:clientId/rules/preview', () => {
  it('tells what the rule would have done, and what is different', async () => {
    const vigil = withStop();
    const changed = { ...RULE, for: '5m' };
    const answer = await vigil.ask({ rule: changed, since: '1h' });
    const { preview, running, difference, ...rest } = (await answer.json()) as RulePreview;
    expect(rest).toMatchObject({ stoppedBy: null, events: { read: 3, total: 3, unusable: 0 } });
    expect(preview).toMatchObject({ byStatus: { firing: 1, resolved: 1 }, firingSeconds: 300, stillFiring: 0 });
    expect(running).toMatchObject({ version: 1, firingSeconds: 600 });
    expect(difference).toMatchObject({ same: 1, onlyPreview: { count: 1 }, onlyRunning: { count: 1 } });
    expect(vigil.archive.readings.map(({ clientIds }) => clientIds)).toEqual([['client-01']]);
  });

  it('has no difference to a rule that is not stored', async () => {
    const answer = await withStop().ask({ rule: { ...RULE, id: 'new' }, since: '1h' });
    expect(await answer.json()).toMatchObject({ running: null, difference: null, preview: { matched: 3 } });
  });

  it('reads YAML, and counts events that are not valid', async () => {
    const vigil = withStop();
    vigil.archive.store('client-01', 'status', [], MINUTE_MS);
    const answer = await vigil.ask(
      {},
      { body: JSON.stringify({ rule: RULE, since: '1h' }), headers: { 'content-type': 'application/yaml' } },
    );
    expect(await answer.json()).toMatchObject({ events: { read: 4, unusable: 1 } });
  });

  it('says whether the stream has all events', async () => {
    const vigil = withStop();
    vigil.archive.events.shift();
    const isWhole = async (since: string) =>
      ((await (await vigil.ask({ rule: RULE, since })).json()) as RulePreview).stream.isWhole;
    expect([await isWhole('1h'), await isWhole('15m')]).toEqual([false, true]);
  });

  it.each<[string, object, number, string]>([
    ['a rule that is not valid', { rule: { ...RULE, evaluate: {} }, since: '1h' }, 400, 'RULE_INVALID'],
    ['a rule of another client', { rule: { ...RULE, clientId: 'client-02' }, since: '1h' }, 409, 'RULE_ID_MISMATCH'],
    ['no rule', { since: '1h' }, 400, 'REQUEST_INVALID'],
    ['an unknown word', { rule: RULE, since: '1h', until: '1m' }, 400, 'REQUEST_INVALID'],
    ['no start', { rule: RULE }, 400, 'REQUEST_INVALID'],
    ['a start too long ago', { rule: RULE, since: '32d' }, 400, 'REQUEST_INVALID'],
    ['a start ahead', { rule: RULE, since: '2999-01-01T00:00:00Z' }, 400, 'REQUEST_INVALID'],
  ])('refuses %s', async (_what, body, status, code) => {
    const vigil = withStop();
    const answer = await vigil.ask(body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
    expect(vigil.archive.readings).toEqual([]);
  });

  it('shows its progress as lines, the last one with the result', async () => {
    const vigil = withStop();
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 20));
    const answer = await vigil.ask({ rule: RULE, since: '1h' }, { headers: { accept: 'application/x-ndjson' } });
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines.at(0)).toMatchObject({ progress: { read: 1, total: 3 } });
    expect(lines.at(-1)).toMatchObject({ result: { ruleId: 'stopped', events: { read: 3 } } });
  });

  it('tells a problem in the last line', async () => {
    const vigil = withStop();
    vigil.archive.gate = () => Promise.reject(new Error('secret'));
    const answer = await vigil.ask({ rule: RULE, since: '1h' }, { headers: { accept: 'application/x-ndjson' } });
    expect(JSON.parse(await answer.text())).toMatchObject({ problem: { code: 'INTERNAL', status: 500 } });
  });

  it('runs one preview for each client, and two in all; the others may ask again', async () => {
    const vigil = withStop();
    const metrics = createMetrics();
    Object.assign(vigil.deps, { metrics });
    const { ask: preview } = withApi(vigil);
    const measured = async (name: string) => valueOf(await metrics.text(), name);
    vigil.archive.store('client-03', 'status', {});
    const release = held(vigil);
    const ask = (client: string) =>
      preview({ rule: { ...RULE, clientId: client }, since: '1h' }, { path: ADDRESS.replace('client-01', client) });
    const running = [ask('client-01'), ask('client-02')];
    await vi.waitFor(() => expect(vigil.archive.open()).toBe(2));
    for (const client of ['client-01', 'client-03']) {
      const refused = await ask(client);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
      expect(await refused.json()).toMatchObject({ code: 'PREVIEW_BUSY' });
    }
    expect(await measured('vigil_previews_running')).toBe(2);
    expect(await measured('vigil_previews_refused_total')).toBe(2);
    release();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask('client-03')).status).toBe(200);
    expect(await measured('vigil_previews_running')).toBe(0);
    expect(await measured('vigil_preview_seconds_count')).toBe(3);
  });

  it('stops when its reader goes away', async () => {
    const vigil = withStop();
    const release = held(vigil);
    const answer = await vigil.ask({ rule: RULE, since: '1h' }, { headers: { accept: 'application/x-ndjson' } });
    await vi.waitFor(() => expect(vigil.archive.open()).toBe(1));
    await answer.body?.cancel();
    release();
    await vi.waitFor(() => expect(vigil.archive.open()).toBe(0));
    expect((await vigil.ask({ rule: RULE, since: '1h' })).status).toBe(200);
  });
});

describe('a preview', () => {
  const run = (vigil: FakeVigil, rest: Partial<Parameters<typeof runPreview>[0]> = {}) =>
    runPreview({
      ...{ rule: RULE, running: null, sinceMs: Date.now() - 60 * MINUTE_MS, archive: vigil.archive.port },
      ...{ signal: new AbortController().signal, onProgress: () => undefined, quotas: vigil.deps.quotas },
      ...rest,
    });

  it('leaves out events over the quota of the client, as the rule does', async () => {
    const vigil = withStop();
    const none = { eventsPerSecondAt: () => 0.01 };
    expect(await run(vigil, { quotas: none })).toMatchObject({ events: { read: 3, unusable: 3 } });
    expect(await run(vigil)).toMatchObject({ events: { read: 3, unusable: 0 } });
  });

  it('ends in time, even if the stream does not answer', async () => {
    const vigil = withStop();
    held(vigil);
    expect(await run(vigil, { longestMs: 50 })).toMatchObject({ stoppedBy: 'time', events: { read: 0, total: 3 } });
  });

  it('rejects once nobody waits for it', async () => {
    const vigil = withStop();
    held(vigil);
    const gone = new AbortController();
    const result = run(vigil, { signal: gone.signal });
    await vi.waitFor(() => expect(vigil.archive.open()).toBe(1));
    gone.abort(new Error('gone'));
    await expect(result).rejects.toThrow('gone');
  });

  it('ends at the most alerts that it keeps, also if only time brings them, and lets others work meanwhile', async () => {
    const vigil = withStop();
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const rule = { ...RULE, heartbeat: '1s' };
    const result = await run(vigil, { rule, sinceMs: Date.now() - 24 * 60 * MINUTE_MS });
    clearInterval(ticking);
    expect(result.stoppedBy).toBe('alerts');
    expect(result.preview.alerts).toHaveLength(10_000);
    expect(turns).toBeGreaterThan(1);
  });
});
