import { Worker } from '@temporalio/worker';
import { describe, expect, inject, it, vi } from 'vitest';
import { createActivities } from '../../../activities/activities.ts';
import {
  createPartitionSetsClient,
  type PartitionSetsClient,
} from '../../../src/temporal/client/partition-sets-client.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { skippingEnvironment, summary } from '../../support/workflows/rule-set-worker.ts';
import { readerOf } from '../../support/vigil/reader-of.ts';

const environment = await skippingEnvironment();

const VERSION = 10;

interface Burst {
  sets: PartitionSetsClient;
  setId: string;
  place: Parameters<PartitionSetsClient['sendRule']>[0];
  stored: StoredRule;
  at: number;
  send: (state: string, rule?: StoredRule) => Promise<void>;
}

/** Sends signals while no worker runs, so that the workflow finds all of them in its first task; then lets it work. */
async function burst(
  changes: object,
  signals: (burst: Burst) => Promise<void>,
  then: (burst: Burst, alerts: AlertEnvelope[]) => Promise<void>,
): Promise<void> {
  const taskQueue = `burst-${Math.random().toString(36).slice(2)}`;
  const at = await environment.currentTimeMs();
  const rule = parseRule({
    id: taskQueue,
    clientId: 'client-01',
    where: [{ property: 'machineId', equals: '*' }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    ...changes,
  });
  const stored = { rule, version: VERSION, storedAtMs: at };
  const setId = compileRule(rule).ids.of([]);
  const place = { setId, group: [], startedAtMs: at };
  const sets = createPartitionSetsClient(environment.client, taskQueue);
  let seq = 0;
  const send = (state: string, version = stored): Promise<void> =>
    sets.sendEvents(place, version, {
      version: version.version,
      rule: version,
      events: [{ seq: ++seq, time: at, at, data: { state } }],
    });
  const parts = { sets, setId, place, stored, at, send };
  await signals(parts);

  const alerts: AlertEnvelope[] = [];
  const activities = createActivities({
    alerts: { publish: async (batch) => void alerts.push(...batch) },
    reader: readerOf(async (_clientId, deadlineMs) => Math.max(deadlineMs, await environment.currentTimeMs())),
  });
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('workflowBundles').usual },
    activities,
  });
  await worker.runUntil(async () => {
    await then(parts, alerts);
    await sets.end(setId, { reason: 'ruleDeleted', version: Number.MAX_SAFE_INTEGER, atMs: at });
    // A set without a worker would keep the server from skipping time in the next test.
    await environment.client.workflow.getHandle(setId).result();
  });
}

const PATIENT = { timeout: 10_000 };

describe('a burst of signals', () => {
  it('is handled in order of arrival, whatever the signals', () =>
    burst(
      {},
      async ({ sets, setId, place, stored, at, send }) => {
        await send('stopped');
        await sets.end(setId, { reason: 'ruleDeleted', version: VERSION + 1, atMs: at });
        const again = { ...stored, version: VERSION + 2 };
        await sets.sendRule(place, again);
        await send('stopped', again);
      },
      async (_burst, alerts) => {
        await vi.waitFor(
          () =>
            expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 ruleDeleted', 'firing #1 condition']),
          PATIENT,
        );
      },
    ));

  it('may set a deadline and remove it again', () =>
    burst(
      { for: '1m' },
      async ({ send }) => {
        await send('stopped');
        await send('running');
      },
      async ({ sets, setId, send }, alerts) => {
        await vi.waitFor(
          async () =>
            expect(await sets.state(setId)).toMatchObject({
              status: 'inactive',
              nextDeadline: null,
              state: { counters: { applied: 2 } },
            }),
          PATIENT,
        );
        await send('stopped');
        await environment.sleep('2m');
        await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
      },
    ));
});
