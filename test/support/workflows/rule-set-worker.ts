import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, inject } from 'vitest';
import { createActivities, type ActivityDeps } from '../../../activities/activities.ts';
import {
  createPartitionSetsClient,
  type PartitionSetsClient,
} from '../../../src/temporal/client/partition-sets-client.ts';
import { ensureSearchAttributes, INDEXED_VALUES } from '../../../src/temporal/client/search-attributes.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import type { ProjectedEvent } from '../../../src/core/model/event/projected-event.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import type { SplitPlan } from '../../../workflows/messages.ts';
import { fileServers } from '../servers/servers.ts';
import { createTimeSkipping } from '../servers/time-skipping.ts';
import { readerOf } from '../vigil/reader-of.ts';
import { replaceRuntimeBy } from '../vigil/runtime.ts';

// Activities fail on purpose in these tests.
await replaceRuntimeBy({ logger: new DefaultLogger('ERROR') });

/**
 * The time-skipping test server for the calling test file, until its last test. With search attributes, which it cannot
 * list, so they are added unconditionally.
 */
export async function skippingEnvironment(): Promise<TestWorkflowEnvironment> {
  const environment = await createTimeSkipping();
  afterAll(() => environment.teardown());
  const namespace = environment.namespace ?? 'default';
  await environment.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: INDEXED_VALUES });
  return environment;
}

/**
 * The same with real servers, where time passes, for runs that continue as new. The time-skipping one cannot cancel an
 * activity that has just started, so that a run would fail for ever; and if a message comes as a run ends, it leaves two
 * runs open, and skips time never again.
 */
export async function serverEnvironment(): Promise<TestWorkflowEnvironment> {
  const { temporalAddress } = await fileServers();
  const environment = await TestWorkflowEnvironment.createFromExistingServer({ address: temporalAddress });
  afterAll(() => environment.teardown());
  await ensureSearchAttributes(environment.client, 'default');
  return environment;
}

export interface SetBench {
  sets: PartitionSetsClient;
  setId: string;
  stored: StoredRule;
  /** Published alerts in order, deduplicated by id like in the stream. */
  alerts: AlertEnvelope[];
  nowMs(): Promise<number>;
  /** Sends events that are stored now; returns that time, epoch ms. `time` in an event is its own time. */
  send(...events: Record<string, unknown>[]): Promise<number>;
  sendStoredAt(atMs: number, ...events: Record<string, unknown>[]): Promise<void>;
  start(): Promise<void>;
}

interface SetOptions {
  reader?: ActivityDeps['reader'];
  signalsPerRun?: number;
  split?: SplitPlan;
  /** Whether the alert stream rejects alerts now. */
  rejects?: () => boolean;
  /** Called for each batch, before it is published. */
  beforePublishing?: () => Promise<void>;
}

/** Runs one partition set with the real workflow code and skippable time. Event times use the test server's clock. */
export async function withSet(
  environment: TestWorkflowEnvironment,
  definition: object,
  use: (bench: SetBench) => Promise<void>,
  { reader, signalsPerRun, split, rejects = () => false, beforePublishing }: SetOptions = {},
): Promise<void> {
  if (environment.supportsTimeSkipping && (signalsPerRun !== undefined || split !== undefined))
    throw new Error('runs that continue as new need serverEnvironment(): see there');
  const { client } = environment;
  const alerts: AlertEnvelope[] = [];
  const ids = new Set<string>();
  const publish = async (batch: readonly AlertEnvelope[]): Promise<void> => {
    await beforePublishing?.();
    if (rejects()) throw new Error('the stream rejects alerts');
    alerts.push(...batch.filter(({ id }) => !ids.has(id)));
    for (const { id } of batch) ids.add(id);
  };
  const activities = createActivities({
    alerts: { publish },
    reader:
      reader ?? readerOf(async (_clientId, deadlineMs) => Math.max(deadlineMs, await environment.currentTimeMs())),
  });
  const taskQueue = `rule-set-${Math.random().toString(36).slice(2)}`;
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('workflowBundles').usual },
    activities,
  });

  const rule = parseRule({ ...definition, id: `rule-${Math.random().toString(36).slice(2)}` });
  const stored: StoredRule = { rule, version: 1, storedAtMs: await environment.currentTimeMs() };
  const setId = compileRule(rule).ids.of([]);
  const place = { setId, group: [], startedAtMs: stored.storedAtMs };
  const sets = createPartitionSetsClient(client, taskQueue, { signalsPerRun, split });
  let seq = 0;
  const sendStoredAt = async (at: number, ...data: Record<string, unknown>[]): Promise<void> => {
    const events = data.map(({ time = at, ...each }): ProjectedEvent => ({
      seq: ++seq,
      time: time as number,
      at,
      data: each as ProjectedEvent['data'],
    }));
    await sets.sendEvents(place, stored, { version: stored.version, events });
  };
  const run = async (): Promise<void> => {
    await use({
      sets,
      setId,
      stored,
      alerts,
      nowMs: () => environment.currentTimeMs(),
      start: () => sets.sendRule(place, stored),
      sendStoredAt,
      async send(...data) {
        const at = await environment.currentTimeMs();
        await sendStoredAt(at, ...data);
        return at;
      },
    });
    // A set that stays running would keep the server from skipping time in the next test.
    await sets.end(setId, {
      reason: 'ruleDeleted',
      version: Number.MAX_SAFE_INTEGER,
      atMs: await environment.currentTimeMs(),
    });
    await client.workflow.getHandle(setId).result();
  };
  await worker.runUntil(run);
}

export const summary = (alerts: readonly AlertEnvelope[]) =>
  alerts.map(({ data }) => `${data.status} #${data.episode} ${data.reason}`);
