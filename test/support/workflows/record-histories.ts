import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, vi } from 'vitest';
import { packageRoot } from '../../../src/app/paths.ts';
import { ensureSearchAttributes } from '../../../src/temporal/client/search-attributes.ts';
import { BACKLOG_MEMO } from '../../../workflows/messages.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { historyToText } from './history-json.ts';
import { summary, withSet } from './rule-set-worker.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { recoverer } from './recoverer.ts';
import { readerOf } from '../vigil/reader-of.ts';

export const HISTORIES = join(packageRoot, 'test/histories');

type RecordedHistory = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

const SIGNALS_PER_RUN = 4;
const PATIENT = { timeout: 30_000 };
const MACHINE = { machineId: 'm1' };
const stopped = { ...MACHINE, state: 'stopped' };
const running = { ...MACHINE, state: 'running' };
const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};

/**
 * Runs sets on a real server through all code paths, and writes the history of each run to test/histories. `branch`
 * names the files; those of other branches stay, because they cover the old code paths.
 */
export async function recordHistories(temporalAddress: string, branch: string): Promise<void> {
  const environment = await TestWorkflowEnvironment.createFromExistingServer({ address: temporalAddress });
  await ensureSearchAttributes(environment.client, 'default');
  await mkdir(HISTORIES, { recursive: true });
  const isOfBranch = (name: string): boolean => /^[a-z]+-(.+)-\d+\.json$/.exec(name)?.[1] === branch;
  for (const name of (await readdir(HISTORIES)).filter(isOfBranch)) await rm(join(HISTORIES, name));
  try {
    await write(environment.client, `life-${branch}`, await liveALife(environment));
    await write(environment.client, `rollover-${branch}`, await rollOver(environment));
    const [coordinator, shard] = await split(environment);
    await write(environment.client, `head-${branch}`, coordinator);
    await write(environment.client, `shard-${branch}`, shard);
    await writeHistory(`held-${branch}-1`, await beHeld(environment));
    await write(environment.client, `upload-${branch}`, await upload(environment));
    await write(environment.client, `acted-${branch}`, await beActedOn(environment));
    await write(environment.client, `latched-${branch}`, await beLatched(environment));
    await write(environment.client, `reset-${branch}`, await beReset(environment));
    await write(environment.client, `primed-${branch}`, await bePrimed(environment));
    await write(environment.client, `paused-${branch}`, await bePaused(environment));
  } finally {
    await environment.teardown();
  }
}

/** Events, timers, an unreachable and then a late reader, heartbeats, a rule change, and the end. */
async function liveALife(environment: TestWorkflowEnvironment): Promise<string> {
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
async function rollOver(environment: TestWorkflowEnvironment): Promise<string> {
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

/**
 * A split set with deadlines in its shards, several runs of coordinator and shards, a rule change, and the end. Returns
 * the ids of the coordinator and a shard.
 */
async function split(environment: TestWorkflowEnvironment): Promise<[string, string]> {
  const MACHINES = 6;
  const ROUNDS = 3 * SIGNALS_PER_RUN;
  let recorded: [string, string] = ['', ''];
  await withSet(
    environment,
    { ...rule, staleAfter: '5s' },
    async ({ send, alerts, sets, setId, stored }) => {
      const machine = (index: number, state: string) => ({ machineId: `m${index % MACHINES}`, state });
      await send(...Array.from({ length: MACHINES }, (_, index) => machine(index, 'running')));
      for (let barrier = 0; barrier < ROUNDS; barrier++) {
        await send(machine(barrier, 'stopped'), machine(barrier, 'running'));
        await vi.waitFor(() => expect(alerts.length).toBeGreaterThan(barrier), PATIENT);
      }
      await send(machine(0, 'stopped'));
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe(`resolved #${ROUNDS + 1} staleData`), PATIENT);
      await sets.changeRule(setId, { ...stored, version: 2 });
      await vi.waitFor(async () => expect((await sets.state(setId))?.state.ruleVersion).toBe(2), PATIENT);
      recorded = [setId, (await sets.state(setId))?.shards?.ids[0] ?? ''];
    },
    { signalsPerRun: 4 * SIGNALS_PER_RUN, split: { atBytes: 700, shards: 2 } },
  );
  return recorded;
}

/** A set that cannot publish as fast as it creates alerts: the history up to its report of the backlog. */
async function beHeld(environment: TestWorkflowEnvironment): Promise<RecordedHistory> {
  const MACHINES = 60;
  let [isRejected, attempts] = [true, 0];
  let history: RecordedHistory | undefined;
  const evaluate = { ...rule.evaluate, type: 'each' };
  const labels = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`label-${index}`, 'x'.repeat(250)]));
  await withSet(
    environment,
    { ...rule, evaluate, labels },
    async ({ send, alerts, setId }) => {
      const handle = environment.client.workflow.getHandle(setId);
      const [first, ...others] = Array.from({ length: MACHINES }, (_, n) => ({ machineId: `m${n}`, state: 'stopped' }));
      // The history has the alerts that are being published: one, to keep it small.
      await send({ ...first });
      await vi.waitFor(() => expect(attempts).toBeGreaterThan(0), PATIENT);
      await send(...others);
      await vi.waitFor(async () => expect((await handle.describe()).memo?.[BACKLOG_MEMO]).toBeGreaterThan(0), PATIENT);
      history = await handle.fetchHistory();
      isRejected = false;
      await vi.waitFor(() => expect(alerts).toHaveLength(MACHINES), PATIENT);
    },
    {
      rejects() {
        attempts += 1;
        return isRejected;
      },
    },
  );
  if (history === undefined) throw new Error('the set was not held');
  return history;
}

/** An alert that is acknowledged and snoozed, from run to run, until the snooze ends. */
async function beActedOn(environment: TestWorkflowEnvironment): Promise<string> {
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
async function beLatched(environment: TestWorkflowEnvironment): Promise<string> {
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
async function beReset(environment: TestWorkflowEnvironment): Promise<string> {
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

/** A set that begins before its rule was stored, and again with a version that loses state, from run to run. */
async function bePrimed(environment: TestWorkflowEnvironment): Promise<string> {
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

/** Paused, edited and acknowledged meanwhile, and resumed: publishing what is due by then, and silently. */
async function bePaused(environment: TestWorkflowEnvironment): Promise<string> {
  let recorded = '';
  await withSet(
    environment,
    { ...rule, staleAfter: '1s' },
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
      await vi.waitUntil(async () => (await nowMs()) > pausedMs + 1_000, PATIENT);
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

/** Events of an hour ago, which prove `for` and `keepFiringFor` by their own times. */
async function upload(environment: TestWorkflowEnvironment): Promise<string> {
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

/** Writes one file per run. */
async function write(client: Client, name: string, workflowId: string): Promise<void> {
  const runs: { runId: string; startTime: Date }[] = [];
  await vi.waitFor(async () => {
    runs.splice(0);
    for await (const run of client.workflow.list({ query: `WorkflowId='${workflowId}'` })) runs.push(run);
    expect(runs.length).toBeGreaterThan(0);
  }, PATIENT);
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  for (const [index, { runId }] of runs.entries()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    await writeHistory(`${name}-${index + 1}`, history);
  }
}

const writeHistory = (name: string, history: RecordedHistory): Promise<void> =>
  writeFile(join(HISTORIES, `${name}.json`), historyToText(history));
