import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, vi } from 'vitest';
import type { StoredRule } from '../../../../src/core/model/stored-rule/stored-rule.ts';
import { summary, withSet } from '../rule-set-worker.ts';
import { recoverer } from '../recoverer.ts';
import { SIGNALS_PER_RUN, PATIENT, stopped, running, rule } from './recorded-rule.ts';

/** An alert that is acknowledged and snoozed, from run to run, until the snooze ends. */
export async function beActedOn(environment: TestWorkflowEnvironment): Promise<string> {
  let recorded = '';
  await withSet(
    environment,
    rule,
    async ({ send, nowMs, alerts, sets, setId }) => {
      recorded = setId;
      const ana = { by: 'ana', note: 'on it' };
      await send(stopped);
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
      for (const name of ['acknowledge', 'unacknowledge', 'acknowledge'] as const) await sets.act(setId, name, ana);
      await sets.act(setId, 'snooze', { ...ana, until: new Date((await nowMs()) + 3_600_000).toISOString() });
      await sets.act(setId, 'unsnooze', ana);
      await sets.act(setId, 'snooze', { ...ana, until: new Date((await nowMs()) + 2_000).toISOString() });
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('unsnoozed #1 snoozeEnded'), PATIENT);
      await send(running);
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 cleared'), PATIENT);
    },
    { signalsPerRun: SIGNALS_PER_RUN },
  );
  return recorded;
}

/** A latched alert of the whole set, whose condition holds again, and that somebody acknowledges in another run. */
export async function beLatched(environment: TestWorkflowEnvironment): Promise<string> {
  let recorded = '';
  await withSet(
    environment,
    { ...rule, latch: true },
    async ({ send, alerts, sets, setId }) => {
      recorded = setId;
      const publishedLast = (last: string): Promise<void> =>
        vi.waitFor(() => expect(summary(alerts).at(-1)).toBe(last), PATIENT);
      await send(stopped);
      await publishedLast('firing #1 condition');
      await send(running);
      await publishedLast('latched #1 cleared');
      await send(stopped);
      await publishedLast('unlatched #1 condition');
      await send(running);
      await publishedLast('latched #1 cleared');
      await sets.act(setId, 'acknowledge', { by: 'ana' });
      await publishedLast('resolved #1 cleared');
    },
    { signalsPerRun: SIGNALS_PER_RUN },
  );
  return recorded;
}

/** A reset that finds a difference, and one that finds none. */
export async function beReset(environment: TestWorkflowEnvironment): Promise<string> {
  const { reader, recover } = recoverer(environment);
  let recorded = '';
  await withSet(
    environment,
    rule,
    async (bench) => {
      const { send, alerts, sets, setId } = bench;
      recorded = setId;
      const publishedLast = (last: string): Promise<void> =>
        vi.waitFor(() => expect(summary(alerts).at(-1)).toBe(last), PATIENT);
      await send(running);
      await send(stopped);
      await publishedLast('firing #1 condition');
      await sets.reset(setId, 'ana');
      await recover(bench, running);
      await publishedLast('resolved #1 reset');
      await send(stopped);
      await publishedLast('firing #2 condition');
      await sets.reset(setId, 'ana');
      await recover(bench, running, running, stopped);
      await send(running);
      await publishedLast('resolved #2 cleared');
    },
    { reader, signalsPerRun: SIGNALS_PER_RUN },
  );
  return recorded;
}

/** Paused, edited and acknowledged meanwhile, and resumed: publishing what is due by then, and silently. */
export async function bePaused(environment: TestWorkflowEnvironment): Promise<string> {
  let recorded = '';
  await withSet(
    environment,
    { ...rule, staleAfter: '3s' },
    async ({ sets, setId, stored, send, nowMs, alerts }) => {
      recorded = setId;
      const publishedLast = (last: string): Promise<void> =>
        vi.waitFor(() => expect(summary(alerts).at(-1)).toBe(last), PATIENT);
      const pausedMs = (await send(stopped)) + 1;
      await publishedLast('firing #1 condition');
      const pause = { sinceMs: pausedMs, fromMs: pausedMs, by: 'ana', of: 'rule' } as const;
      for (const version of [2, 3]) await sets.changeRule(setId, { ...stored, version, storedAtMs: pausedMs, pause });
      await vi.waitFor(async () => expect(await sets.state(setId)).toMatchObject({ nextDeadline: null }), PATIENT);
      await sets.act(setId, 'acknowledge', { by: 'ana' });
      await publishedLast('acknowledged #1 operator');
      await vi.waitUntil(async () => (await nowMs()) > pausedMs + 3_000, PATIENT);
      const resumed = { mode: 'publish', fromMs: pausedMs, version: 4 } as const;
      await sets.changeRule(setId, { ...stored, version: 4, storedAtMs: await nowMs(), resumed });
      await publishedLast('resolved #1 staleData');

      const againMs = await nowMs();
      const again = { ...stored, version: 5, storedAtMs: againMs, pause: { ...pause, fromMs: againMs } };
      await sets.changeRule(setId, again);
      const silentlyMs = againMs + 2;
      const silently: StoredRule = {
        ...stored,
        ...{ version: 6, storedAtMs: silentlyMs, resumed: { mode: 'silently', fromMs: againMs, version: 6 } },
      };
      await sets.changeRule(setId, silently);
      const event = { seq: 2, time: againMs + 1, at: againMs + 1, data: stopped };
      const place = { setId, group: [], startedAtMs: stored.storedAtMs };
      await sets.sendEvents(place, silently, { version: 6, events: [event] });
      await publishedLast('firing #2 condition');
    },
    { signalsPerRun: SIGNALS_PER_RUN },
  );
  return recorded;
}
