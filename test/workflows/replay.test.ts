import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { describe, expect, inject, it } from 'vitest';
import { historyFromText, type History } from '../support/workflows/history-json.ts';
import { HISTORIES, recordHistories } from '../support/workflows/histories/record-histories.ts';
import { fileServers } from '../support/servers/servers.ts';

const LARGEST_FILE_BYTES = 200_000;
const PARTS = [
  'WORKFLOW_EXECUTION_SIGNALED',
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
  'WORKFLOW_EXECUTION_UPDATE_COMPLETED',
  'TIMER_FIRED',
  'TIMER_CANCELED',
  'ACTIVITY_TASK_COMPLETED',
  'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
  'MARKER_RECORDED',
  'CHILD_WORKFLOW_EXECUTION_STARTED',
  'EXTERNAL_WORKFLOW_EXECUTION_SIGNALED',
  'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  'WORKFLOW_EXECUTION_COMPLETED',
];
/** Set to the name of a new branch to record it: see docs/testing.md. */
const branch = process.env['VIGIL_RECORD_HISTORIES'];
if (branch !== undefined) await recordHistories((await fileServers()).temporalAddress, branch);

const files = readdirSync(HISTORIES);
const read = (file: string): History => historyFromText(readFileSync(join(HISTORIES, file), 'utf8'));

/** The JSON with which a run began. */
const inputOf = ({ events }: History): string =>
  (events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [])
    .map(({ data }) => Buffer.from(data ?? []).toString())
    .join();

const options: ReplayWorkerOptions = { workflowBundle: { codePath: inject('workflowBundles').usual } };

describe('recorded histories', () => {
  it.each(files)('%s: the current workflow replays it', async (file) => {
    expect(statSync(join(HISTORIES, file)).size).toBeLessThan(LARGEST_FILE_BYTES);
    const history = read(file);
    // A coordinator names its shards after itself.
    const workflowId = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined;
    await Worker.runReplayHistory(options, history, workflowId);
  });

  it('cover everything that a partition set can meet', () => {
    const { EventType } = proto.temporal.api.enums.v1;
    const met = new Set(files.flatMap((file) => read(file).events.map(({ eventType }) => EventType[eventType ?? 0])));
    for (const part of PARTS) expect(met, part).toContain(`EVENT_TYPE_${part}`);
  });

  it.each([
    ['a set', 'rollover'],
    ['a coordinator', 'head'],
    ['a shard', 'shard'],
    ['a set that is reset', 'reset'],
  ])('cover %s that begins with the plain state of older builds, and with a packed one', (_what, name) => {
    const inputs = files.filter((file) => file.startsWith(`${name}-`)).map((file) => inputOf(read(file)));
    expect(inputs.some((input) => input.includes('"partitions":{'))).toBe(true);
    expect(inputs.some((input) => input.includes('"packed":{"count":'))).toBe(true);
  });

  it('fail for a workflow with other commands', async () => {
    const altered = read('life-1.json');
    const scheduled = altered.events
      .map((event) => event.activityTaskScheduledEventAttributes?.activityType)
      .filter((type) => type !== undefined && type !== null);
    Object.assign(scheduled.find(({ name }) => name === 'publishAlerts') ?? {}, { name: 'somethingElse' });
    await expect(Worker.runReplayHistory(options, altered)).rejects.toThrow(DeterminismViolationError);
  });
});
