import { describe, expect, it, vi } from 'vitest';
import { skippingEnvironment, summary, withSet } from '../../support/workflows/rule-set-worker.ts';
import { readerOf } from '../../support/vigil/reader-of.ts';

const PATIENT = { timeout: 20_000 };

const environment = await skippingEnvironment();

const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
const stopped = { machineId: 'm1', state: 'stopped' };
const running = { machineId: 'm1', state: 'running' };

describe('a partition set workflow', () => {
  it('publishes firing and resolved exactly once', () =>
    withSet(environment, rule, async ({ send, alerts }) => {
      await send(running);
      await send(stopped);
      await send(running);
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 cleared']), PATIENT);
    }));

  it('uses the message of its rule, and another set its own', async () => {
    const said = (message: string, expected: string) =>
      withSet(environment, { ...rule, message }, async ({ send, alerts }) => {
        await send(stopped);
        await vi.waitFor(() => expect(alerts.map(({ data }) => data.message)).toEqual([expected]), PATIENT);
      });
    await said('{{count}} of {{total}} machines stopped', '1 of 1 machines stopped');
    await said('{{#evidence.items}}{{partition.machineId}} is {{value}}{{/evidence.items}}', 'm1 is stopped');
  });

  it('lets data go stale by its timer, without an event', () =>
    withSet(environment, { ...rule, staleAfter: '15m' }, async ({ send, alerts, nowMs }) => {
      const startedMs = await nowMs();
      await send(stopped);
      await environment.sleep('16m');
      await vi.waitFor(
        () => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 staleData']),
        PATIENT,
      );
      expect(Date.parse(alerts[1]?.data.evaluatedAt ?? '') - startedMs).toBeGreaterThanOrEqual(15 * 60_000);
    }));

  it('publishes heartbeats at its interval, whatever happens', () =>
    withSet(environment, { ...rule, heartbeat: '1m' }, async ({ start, alerts }) => {
      await start();
      await environment.sleep('630s');
      await vi.waitFor(() => expect(alerts).toHaveLength(10), PATIENT);
      const times = alerts.map(({ data }) => Date.parse(data.evaluatedAt));
      expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(Array(9).fill(60_000));
    }));

  it('does not mistake the silence of a dead reader for the silence of machines', async () => {
    let alive = false;
    const reader = readerOf((_clientId, deadlineMs) =>
      alive ? Promise.resolve(deadlineMs) : Promise.reject(new Error('no reader answers')),
    );
    await withSet(
      environment,
      { ...rule, staleAfter: '15m' },
      async ({ send, sendStoredAt, alerts, sets, setId, nowMs }) => {
        const startedMs = await nowMs();
        await send(stopped);
        await environment.sleep('20m');
        // Stored in time, delivered late: the reader answers only then.
        await sendStoredAt(startedMs + 10 * 60_000, stopped);
        alive = true;
        await environment.sleep('1m');
        await vi.waitFor(
          async () => expect((await sets.state(setId))?.state.now).toBeGreaterThanOrEqual(startedMs + 15 * 60_000),
          PATIENT,
        );
        expect(summary(alerts)).toEqual(['firing #1 condition']);
      },
      { reader },
    );
  });

  it('survives an invalid event', () =>
    withSet(environment, rule, async ({ send, alerts, sets, setId, stored }) => {
      const place = { setId, group: [], startedAtMs: stored.storedAtMs };
      await send(running);
      await sets.sendEvents(place, stored, { version: stored.version, events: [null as never, { seq: 'x' } as never] });
      const handle = environment.client.workflow.getHandle(setId);
      for (const name of ['events', 'rule', 'end', 'recovery', 'notice', 'nonsense'])
        for (const message of [null, 7, {}, []]) await handle.signal(name, message);
      await send(stopped);
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
      expect((await sets.state(setId))?.faults.length).toBeGreaterThan(0);
    }));

  it('applies a new version of its rule, and ends with its rule', () =>
    withSet(environment, rule, async ({ send, alerts, sets, setId, stored, nowMs }) => {
      await send(stopped);
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
      const version2 = {
        ...stored,
        version: 2,
        rule: {
          ...stored.rule,
          evaluate: { type: 'any' as const, having: { calc: 'latest' as const, property: 'state', equals: 'burning' } },
        },
      };
      await sets.changeRule(setId, version2);
      await vi.waitFor(
        () => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 ruleUpdated']),
        PATIENT,
      );
      await sets.changeRule(setId, { ...stored, version: 3 });
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('firing #2 condition'), PATIENT);
      await sets.end(setId, { reason: 'ruleDeleted', version: 4, atMs: await nowMs() });
      await environment.client.workflow.getHandle(setId).result();
      expect(summary(alerts).at(-1)).toBe('resolved #2 ruleDeleted');
    }));
});
