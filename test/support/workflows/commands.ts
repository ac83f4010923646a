import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { clientOfPartitionSet, ruleOfPartitionSet } from '../../../src/core/model/ids.ts';

type Event = proto.temporal.api.history.v1.IHistoryEvent;
type Payload = proto.temporal.api.common.v1.IPayload;

/** The commands in the histories of rule workflows. */
export interface CommandReport {
  runs: number;
  /** Number of signals, started shards and activities. */
  commands: number;
  /** Commands for another set than the workflow's own, as text. */
  foreign: string[];
  /** Failed workflow tasks, as text. */
  failedTasks: string[];
}

const RUNS_AT_ONCE = 8;
const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
/** A signal arrived while a run was ending: Temporal repeats the task, which is normal. */
const HARMLESS = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

/** Reads every run of every workflow of these clients. */
export async function readCommands(temporal: Client, clientIds: readonly string[]): Promise<CommandReport> {
  const report: CommandReport = { runs: 0, commands: 0, foreign: [], failedTasks: [] };
  const runs: { workflowId: string; runId: string }[] = [];
  for await (const run of temporal.workflow.list())
    if (clientIds.includes(clientOfPartitionSet(run.workflowId))) runs.push(run);
  const readNext = async (): Promise<void> => {
    for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
      const history = await temporal.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      report.runs += 1;
      for (const event of history.events ?? []) record(report, run.workflowId, event);
    }
  };
  await Promise.all(Array.from({ length: RUNS_AT_ONCE }, readNext));
  return report;
}

function record(report: CommandReport, workflowId: string, event: Event): void {
  const setId = workflowId.replace(/\/shard-[^/]*$/, '');
  const failed = event.workflowTaskFailedEventAttributes;
  if (failed && failed.cause !== HARMLESS)
    report.failedTasks.push(
      `${workflowId}: ${WorkflowTaskFailedCause[failed.cause ?? 0]} ${failed.failure?.message ?? ''}`,
    );

  const subjects = subjectsOf(event);
  if (subjects.length > 0) report.commands += 1;
  for (const subject of subjects) {
    if (!isOf(setId, subject))
      report.foreign.push(`${workflowId}, event ${String(event.eventId)}: ${JSON.stringify(subject)}`);
  }
}

/** The target of a command: a workflow, a client, or a client's rule. */
type Subject = { workflowId: string } | { clientId: string; ruleId?: string };

function subjectsOf(event: Event): Subject[] {
  const other =
    event.signalExternalWorkflowExecutionInitiatedEventAttributes?.workflowExecution?.workflowId ??
    event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId;
  if (other) return [{ workflowId: other }];
  const activity = event.activityTaskScheduledEventAttributes;
  const [first] = (activity?.input?.payloads ?? []).map((payload: Payload): unknown =>
    defaultPayloadConverter.fromPayload(payload),
  );
  if (activity?.activityType?.name === 'publishAlerts')
    return (first as AlertEnvelope[]).map(({ data: { clientId, ruleId } }) => ({ clientId, ruleId }));
  return typeof first === 'string' ? [{ clientId: first }] : [];
}

function isOf(setId: string, subject: Subject): boolean {
  if ('workflowId' in subject) return subject.workflowId === setId || subject.workflowId.startsWith(`${setId}/shard-`);
  const { clientId, ruleId } = subject;
  return (
    clientId === clientOfPartitionSet(setId) &&
    (ruleId === undefined || ruleOfPartitionSet(setId) === `${clientId}/rules/${ruleId}`)
  );
}
