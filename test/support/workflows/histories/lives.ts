import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, vi } from 'vitest';
import { summary, withSet } from '../rule-set-worker.ts';
import type { Rule } from '../../../../src/core/model/rule/rule-schema.ts';
import { recoverer } from '../recoverer.ts';
import { readerOf } from '../../vigil/reader-of.ts';
import { SIGNALS_PER_RUN, PATIENT, stopped, running, rule } from './recorded-rule.ts';

/** Events, timers, an unreachable and then a late reader, heartbeats, a rule change, and the end. */
export async function liveALife(environment: TestWorkflowEnvironment): Promise<string> {
  let asked = 0;
  const seenUntil = async (_clientId: string, deadlineMs: number): Promise<number> => {
    asked += 1;
    if (asked === 1) throw new Error('the reader is unreachable');
    return asked === 2 ? deadlineMs - 1 : Math.max(deadlineMs, Date.now());
  };
  let recorded = '';
  await withSet(
    environment,
    { ...rule, staleAfter: '2s', heartbeat: '1s' },
    async ({ start, send, alerts, sets, setId, stored }) => {
      recorded = setId;
      const lately = () => summary(alerts).filter((text) => !text.startsWith('heartbeat'));
      await start();
      await vi.waitFor(() => expect(alerts.length).toBeGreaterThan(0), PATIENT);
      await send(running, stopped);
      await send(running);
      await send(stopped);
      await vi.waitFor(
        () =>
          expect(lately()).toEqual([
            'firing #1 condition',
            'resolved #1 cleared',
            'firing #2 condition',
            'resolved #2 staleData',
          ]),
        PATIENT,
      );
      await send(stopped);
      await vi.waitFor(() => expect(lately().at(-1)).toBe('firing #3 condition'), PATIENT);
      const having = { calc: 'latest' as const, property: 'state', equals: 'burning' };
      await sets.changeRule(setId, {
        ...stored,
        version: 2,
        rule: { ...stored.rule, evaluate: { type: 'any', having } },
      });
      await vi.waitFor(() => expect(lately().at(-1)).toBe('resolved #3 ruleUpdated'), PATIENT);
    },
    { reader: readerOf(seenUntil) },
  );
  return recorded;
}

/** Several runs that continue as new, with alerts being published at the end of a run. */
export async function rollOver(environment: TestWorkflowEnvironment): Promise<string> {
  const ROUNDS = 3 * SIGNALS_PER_RUN;
  let recorded = '';
  await withSet(
    environment,
    rule,
    async ({ send, alerts, setId }) => {
      recorded = setId;
      for (let barrier = 0; barrier < ROUNDS; barrier++) {
        await send(stopped, running);
        await vi.waitFor(() => expect(alerts.length).toBeGreaterThan(barrier), PATIENT);
      }
      await vi.waitFor(() => expect(alerts).toHaveLength(2 * ROUNDS), PATIENT);
    },
    { signalsPerRun: SIGNALS_PER_RUN },
  );
  return recorded;
}

/** Events of an hour ago, which prove `for` and `keepFiringFor` by their own times. */
export async function upload(environment: TestWorkflowEnvironment): Promise<string> {
  let recorded = '';
  await withSet(
    environment,
    { ...rule, for: '10m', keepFiringFor: '5m' },
    async ({ sendStoredAt, nowMs, alerts, setId }) => {
      recorded = setId;
      const now = await nowMs();
      const ago = (minutes: number): number => now - 60_000 * minutes;
      await sendStoredAt(
        now,
        { ...stopped, time: ago(60) },
        { ...stopped, time: ago(49) },
        { ...running, time: ago(48) },
      );
      await sendStoredAt(now + 1, { ...running, time: ago(42) });
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 cleared']), PATIENT);
    },
  );
  return recorded;
}

/** A set that begins before its rule was stored, and again with a version that loses state, from run to run. */
export async function bePrimed(environment: TestWorkflowEnvironment): Promise<string> {
  const HOUR_MS = 3_600_000;
  const { reader, recover } = recoverer(environment);
  let recorded = '';
  await withSet(
    environment,
    { ...rule, backfill: '1h' },
    async (bench) => {
      const { sets, setId, stored, alerts, nowMs } = bench;
      recorded = setId;
      const startedAtMs = stored.storedAtMs - HOUR_MS;
      const send = async (seq: number, at: number, data: typeof stopped): Promise<void> => {
        const events = [{ seq, time: at, at, data }];
        await sets.sendEvents({ setId, group: [], startedAtMs }, stored, { version: 1, events });
      };
      for (const [index, data] of [stopped, running, stopped].entries())
        await send(index + 1, startedAtMs + 60_000 * index, data);
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
      await send(4, await nowMs(), running);
      await send(5, await nowMs(), stopped);
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('firing #2 condition'), PATIENT);
      const evaluate: Rule['evaluate'] = { type: 'any', having: { calc: 'count', within: '2h', gt: 2 } };
      const next = { rule: { ...stored.rule, evaluate }, version: 2, storedAtMs: await nowMs() };
      await sets.changeRule(setId, next);
      await recover({ ...bench, stored: next, startedAtMs: next.storedAtMs - HOUR_MS }, stopped, running);
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #2 ruleUpdated'), PATIENT);
    },
    { reader, signalsPerRun: SIGNALS_PER_RUN },
  );
  return recorded;
}
