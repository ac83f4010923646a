import { NativeConnection, Worker } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createActivities } from '../../../activities/activities.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { countSets } from '../../../src/temporal/client/count-partition-sets.ts';
import { ensureSearchAttributes } from '../../../src/temporal/client/search-attributes.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { ProjectedEvent } from '../../../src/core/model/event/projected-event.ts';
import { createMetrics, type Metrics } from '../../../src/observability/metrics/metrics.ts';
import { watchWorkflows } from '../../../src/observability/metrics/watch-workflows.ts';
import { parsePrometheusText, valueOf } from '../../support/metrics/prometheus-text.ts';
import { SDK_METRICS } from '../../support/metrics/sdk-metrics.ts';
import { readerOf } from '../../support/vigil/reader-of.ts';
import { replaceRuntime } from '../../support/vigil/runtime.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const workflowBundle = { codePath: inject('workflowBundles').usual };
const PATIENT = { timeout: 20_000, interval: 50 };

const logged: { level: string; fields: Record<string, unknown>; text: string }[] = [];
const take = (level: string) => (fields: Record<string, unknown>, text: string) =>
  void logged.push({ level, fields, text });

let metrics: Metrics;
let temporal: Client;
let connection: NativeConnection;
beforeAll(async () => {
  metrics = createMetrics(await replaceRuntime({ info: take('info'), warn: take('warn'), error: take('error') }));
  temporal = await connectTemporal(servers.temporalAddress, 'default');
  await ensureSearchAttributes(temporal, 'default');
  connection = await NativeConnection.connect({ address: servers.temporalAddress });
});
afterAll(async () => {
  await connection.close();
  await temporal.connection.close();
});

const rule = parseRule({
  id: 'measured',
  clientId: 'metrics-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
});
const setId = compileRule(rule).ids.of([]);
const stored = { rule, version: 1, storedAtMs: Date.now() };
const eventAt = (seq: number, time: number): ProjectedEvent => ({
  seq,
  time,
  at: stored.storedAtMs + seq,
  data: { machineId: 'm1', state: 'stopped' },
});

describe('GET /metrics with a worker in the process', () => {
  it('has the metrics of the SDK and of workflows, which replays do not count again', async () => {
    const taskQueue = 'temporal-metrics';
    const sets = createPartitionSetsClient(temporal, taskQueue);
    const activities = createActivities({
      alerts: { publish: () => Promise.resolve() },
      reader: readerOf((_clientId, deadlineMs) => Promise.resolve(deadlineMs)),
    });
    // Without a cache, every task replays the history from the start.
    const worker = await Worker.create({
      connection,
      taskQueue,
      activities,
      workflowBundle,
      maxCachedWorkflows: 0,
    });
    watchWorkflows(metrics, () => countSets(temporal));
    await worker.runUntil(async () => {
      const send = (...events: ProjectedEvent[]): Promise<void> =>
        sets.sendEvents({ setId, group: [], startedAtMs: stored.storedAtMs }, stored, { version: 1, events });
      const [early, late] = [stored.storedAtMs, stored.storedAtMs - 60_000];
      const applied = (): Promise<number | undefined> =>
        metrics
          .text()
          .then((page) => valueOf(page, 'vigil_events_applied_total', { client: 'metrics-01', rule: 'measured' }));
      await send(eventAt(1, early), eventAt(2, early));
      await vi.waitFor(async () => expect(await applied()).toBe(2), PATIENT);
      await send(eventAt(2, early), eventAt(3, late));
      await vi.waitFor(async () => expect(await applied()).toBe(3), PATIENT);

      const page = await metrics.text();
      const of = { client: 'metrics-01', rule: 'measured' };
      expect(valueOf(page, 'vigil_events_late_total', of)).toBe(1);
      expect(valueOf(page, 'vigil_events_repeated_total', of)).toBe(1);
      expect(parsePrometheusText(page).get('vigil_events_applied_total')).toMatchObject({ type: 'counter' });
      expect(
        valueOf(page, 'temporal_workflow_task_queue_poll_succeed_total', { task_queue: taskQueue }),
      ).toBeGreaterThan(0);
      expect(valueOf(page, 'vigil_collect_failures_total', { source: 'temporal-sdk' })).toBe(0);
      await vi.waitFor(async () => expect((await countSets(temporal)).firing).toBeGreaterThanOrEqual(1), PATIENT);

      await sets.end(setId, { reason: 'ruleDeleted', version: 2, atMs: Date.now() });
      await temporal.workflow.getHandle(setId).result();
    });
  });
});

describe('logs of the SDK and of workflows', () => {
  it('go to the log with the error and the owner of the workflow', async () => {
    const taskQueue = 'temporal-metrics-failing';
    const refusing = createActivities({
      alerts: { publish: () => Promise.reject(new Error('no room')) },
      reader: readerOf((_clientId, deadlineMs) => Promise.resolve(deadlineMs)),
    });
    const worker = await Worker.create({
      connection,
      taskQueue,
      activities: refusing,
      workflowBundle,
    });
    await worker.runUntil(async () => {
      await createPartitionSetsClient(temporal, taskQueue).sendEvents(
        { setId, group: [], startedAtMs: stored.storedAtMs },
        stored,
        { version: 1, events: [eventAt(1, stored.storedAtMs)] },
      );
      const failed = await vi.waitUntil(() => logged.find(({ text }) => text === 'Activity failed'), PATIENT);
      expect(failed).toMatchObject({
        level: 'warn',
        fields: { clientId: 'metrics-01', ruleId: 'measured', workflowId: setId },
      });
      expect(String(failed.fields['err'])).toContain('no room');
      await temporal.workflow.getHandle(setId).terminate();
    });
  });

  it('include those of the native part', async () => {
    const taskQueue = 'temporal-metrics-native';
    const worker = await Worker.create({ connection, taskQueue, workflowBundle });
    await worker.runUntil(async () => {
      const handle = await temporal.workflow.start('nobody-knows-it', {
        taskQueue,
        workflowId: 'metrics-01/rules/unknown/x',
      });
      const failing = await vi.waitUntil(() => logged.find(({ fields }) => fields['sdkComponent'] === 'core'), PATIENT);
      expect(failing).toMatchObject({ level: 'warn', text: 'Failing workflow task' });
      await handle.terminate();
    });
  });
});

it('the dashboard and the rules use existing SDK metrics', async () => {
  // The tests above had failed tasks; this is a failed request.
  await expect(connection.workflowService.describeNamespace({ namespace: 'nowhere' })).rejects.toThrow();
  const families = [...parsePrometheusText(await metrics.text()).values()];
  const series = new Set(families.flatMap(({ samples }) => samples.map(({ name }) => name)));
  expect(SDK_METRICS.filter((name) => !series.has(name))).toEqual([]);
});
