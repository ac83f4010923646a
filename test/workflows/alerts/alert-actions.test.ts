import { describe, expect, it, vi } from 'vitest';
import {
  serverEnvironment,
  skippingEnvironment,
  summary,
  withSet,
  type SetBench,
} from '../../support/workflows/rule-set-worker.ts';

const environment = await skippingEnvironment();
const server = await serverEnvironment();

const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
const each = { ...rule, evaluate: { ...rule.evaluate, type: 'each' } };
const PATIENT = { timeout: 30_000 };
const MINUTE_MS = 60_000;
const ana = { by: 'ana' };
const machine = (machineId: string, state: string) => ({ machineId, state });
const [stopped, running] = [machine('m1', 'stopped'), machine('m1', 'running')];

const published = ({ alerts }: SetBench, expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(summary(alerts)).toEqual(expected), PATIENT);
const later = async ({ nowMs }: SetBench, minutes: number): Promise<string> =>
  new Date((await nowMs()) + minutes * MINUTE_MS).toISOString();

describe('the alert of a partition set', () => {
  it('is acknowledged until it resolves', () =>
    withSet(environment, rule, async (bench) => {
      const { send, sets, setId, alerts } = bench;
      await send(stopped);
      await published(bench, ['firing #1 condition']);
      const result = await sets.act(setId, 'acknowledge', { ...ana, note: 'on it' });
      expect(result).toMatchObject({ changed: true, episode: 1, state: 'firing', acknowledged: { by: 'ana' } });
      expect(await sets.act(setId, 'acknowledge', ana)).toMatchObject({ changed: false });
      await send(running);
      await published(bench, ['firing #1 condition', 'acknowledged #1 operator', 'resolved #1 cleared']);
      expect(alerts[2]?.data.acknowledged).toMatchObject({ by: 'ana', note: 'on it' });
      await expect(sets.act(setId, 'acknowledge', ana)).rejects.toMatchObject({ code: 'ALERT_NOT_FIRING' });
    }));

  it('is latched until somebody acknowledges it, without another event', () =>
    withSet(environment, { ...rule, latch: true }, async (bench) => {
      const { send, sets, setId, alerts } = bench;
      await send(stopped);
      await send(running);
      await published(bench, ['firing #1 condition', 'latched #1 cleared']);
      expect((await sets.state(setId))?.state.alert).toMatchObject({ phase: 'firing', latched: true });
      await sets.act(setId, 'acknowledge', ana);
      const shown = ['firing #1 condition', 'latched #1 cleared', 'acknowledged #1 operator', 'resolved #1 cleared'];
      await published(bench, shown);
      expect(alerts[3]?.data).toMatchObject({
        state: 'inactive',
        acknowledged: ana,
        endsAt: alerts[1]?.data.stoppedAt,
      });
    }));

  it('is snoozed until its time, which comes without an event', () =>
    withSet(environment, rule, async (bench) => {
      const { send, sets, setId, alerts } = bench;
      await send(running);
      const until = await later(bench, 10);
      await sets.act(setId, 'snooze', { ...ana, until });
      await send(stopped);
      await published(bench, ['snoozed #0 operator', 'firing #1 condition']);
      await environment.sleep('11m');
      await published(bench, ['snoozed #0 operator', 'firing #1 condition', 'unsnoozed #1 snoozeEnded']);
      expect(alerts.map(({ data }) => data.snoozed?.until)).toEqual([until, until, undefined]);
      expect(alerts[2]?.data).toMatchObject({ evaluatedAt: until, state: 'firing' });
    }));

  it('keeps its marks from run to run', () =>
    withSet(
      server,
      rule,
      async (bench) => {
        const { send, sets, setId } = bench;
        const handle = server.client.workflow.getHandle(setId);
        await send(stopped);
        const { runId: first } = await handle.describe();
        await sets.act(setId, 'acknowledge', ana);
        await sets.act(setId, 'snooze', { ...ana, until: await later(bench, 10) });
        await vi.waitFor(async () => expect((await handle.describe()).runId).not.toBe(first), PATIENT);
        expect((await sets.state(setId))?.state.alert).toMatchObject({ acknowledged: ana, snoozed: ana });
        expect(await sets.act(setId, 'unsnooze', ana)).toMatchObject({ changed: true, acknowledged: ana });
      },
      { signalsPerRun: 3 },
    ));

  it('is of no concern to a malformed update, which leaves no trace', () =>
    withSet(environment, rule, async (bench) => {
      const { send, sets, setId } = bench;
      await send(stopped);
      await published(bench, ['firing #1 condition']);
      const handle = environment.client.workflow.getHandle(setId);
      const before = await handle.describe();
      for (const name of ['acknowledge', 'unacknowledge', 'snooze', 'unsnooze'])
        for (const args of [[], [null], [7], [[]], [{}], [{ by: 7 }], [{ by: 'ana', until: 'soon' }]])
          await expect(handle.executeUpdate(name, { args: args as [unknown] })).rejects.toMatchObject({
            cause: { type: 'ACTION_INVALID' },
          });
      await expect(handle.executeUpdate('nonsense', { args: [ana] })).rejects.toThrow();
      await sets.act(setId, 'acknowledge', ana);
      await published(bench, ['firing #1 condition', 'acknowledged #1 operator']);
      expect((await sets.state(setId))?.faults).toEqual([]);
      const { events } = await handle.fetchHistory();
      expect((events ?? []).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
      expect((await handle.describe()).runId).toBe(before.runId);
    }));

  it('takes no action while its alerts cannot be published, and does when they are', () => {
    let rejects = true;
    return withSet(
      environment,
      { ...each, labels: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`label${n}`, 'x'.repeat(256)])) },
      async (bench) => {
        const { send, sets, setId, alerts } = bench;
        // More than fit into the outbox.
        await send(...Array.from({ length: 40 }, (_, index) => machine(`m${index}`, 'stopped')));
        const act = (): Promise<unknown> => sets.act(setId, 'acknowledge', { ...ana, partition: { machineId: 'm1' } });
        await expect(act()).rejects.toMatchObject({ code: 'PARTITION_SET_BUSY' });
        const until = await later(bench, 1);
        const snooze = sets.act(setId, 'snooze', { ...ana, partition: { machineId: 'm1' }, until });
        await expect(snooze).rejects.toMatchObject({ code: 'PARTITION_SET_BUSY' });
        rejects = false;
        await vi.waitFor(() => expect(alerts).toHaveLength(40), PATIENT);
        expect(await act()).toMatchObject({ changed: true });
      },
      { rejects: () => rejects },
    );
  });

  it('has nobody to act on where the set does not run', () =>
    withSet(environment, rule, async ({ start, sets, setId }) => {
      await start();
      const action = sets.act(`${setId}/other`, 'acknowledge', ana);
      await expect(action).rejects.toMatchObject({ code: 'PARTITION_SET_NOT_FOUND' });
    }));
});
