import { randomUUID } from 'node:crypto';
import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { VigilError } from '../../core/primitives/errors.ts';
import { isoTime } from '../../core/primitives/text/iso-time.ts';
import { historyEvents, type EventId, type HistoryEvent } from './history-events.ts';

/** A place in the history of a workflow. */
export interface ResetPoint {
  /** The run that was there at that time. */
  runId: string;
  /** Of the last workflow task that it had completed: a whole number. */
  eventId: string;
  /** When that was, epoch ms. */
  atMs: number;
}

/** What a partition set has after it was reset. */
export interface ResetOutcome extends ResetPoint {
  /** It takes the events stored since then from the stream, epoch ms. */
  readsFromMs: number;
}

type Found = Omit<ResetPoint, 'eventId'> & { eventId: EventId };

const { RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL: SIGNAL, RESET_REAPPLY_EXCLUDE_TYPE_UPDATE: UPDATE } =
  proto.temporal.api.enums.v1.ResetReapplyExcludeType;

/** More runs than a set has in the time for which Temporal keeps them. */
const RUNS_MAX = 10_000;

export interface ResetHow {
  by: string;
  /** Only find the place. */
  dryRun: boolean;
}

/**
 * Resets a running workflow to the newest place before a time, epoch ms, over all its runs. What came after it is not
 * applied again. Resolves when Temporal has begun the new run.
 * @throws VigilError PARTITION_SET_NOT_FOUND; RESET_IMPOSSIBLE if the workflow is younger, or Temporal keeps no more
 */
export async function resetTo(
  client: Client,
  workflowId: string,
  atMs: number,
  { by, dryRun }: ResetHow,
): Promise<ResetPoint> {
  const point = await pointBefore(client, workflowId, atMs);
  if (!dryRun)
    await client.workflowService.resetWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId: point.runId },
      workflowTaskFinishEventId: point.eventId,
      requestId: randomUUID(),
      resetReapplyExcludeTypes: [SIGNAL, UPDATE],
      reason: `vigil reset by ${by}`,
    });
  return { ...point, eventId: point.eventId.toString() };
}

async function pointBefore(client: Client, workflowId: string, atMs: number): Promise<Found> {
  let runId = await runningRun(client, workflowId);
  for (let runs = 0; runs < RUNS_MAX; runs++) {
    const { startedMs, previousRunId } = await beginningOf(client, { workflowId, runId }, atMs);
    if (startedMs <= atMs) return lastTaskBefore(client, { workflowId, runId }, atMs);
    if (previousRunId === '') break;
    runId = previousRunId;
  }
  throw impossible('It started later. Reset it to clean.', workflowId, atMs);
}

async function runningRun(client: Client, workflowId: string): Promise<string> {
  try {
    const { runId, status } = await client.workflow.getHandle(workflowId).describe();
    if (status.name === 'RUNNING') return runId;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  throw new VigilError('PARTITION_SET_NOT_FOUND', 'It starts with the first event that the rule reads.', {
    workflowId,
  });
}

interface Run {
  workflowId: string;
  runId: string;
}

/** When a run started, and the run before it (empty: none). */
async function beginningOf(client: Client, run: Run, atMs: number) {
  try {
    for await (const event of historyEvents(client, run))
      return {
        startedMs: timeOf(event),
        previousRunId: event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '',
      };
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  throw impossible('Temporal does not keep the history of that time any more.', run.workflowId, atMs);
}

/** The last completed workflow task up to a time; else the first, which begins with what the run got from the one before. */
async function lastTaskBefore(client: Client, run: Run, atMs: number): Promise<Found> {
  let found: Found | undefined;
  for await (const event of historyEvents(client, run)) {
    if (found !== undefined && timeOf(event) > atMs) break;
    const { eventId } = event;
    if (Boolean(event.workflowTaskCompletedEventAttributes) && eventId !== null && eventId !== undefined)
      found = { runId: run.runId, eventId, atMs: timeOf(event) };
  }
  if (found === undefined) throw impossible('The partition set has not begun yet.', run.workflowId, atMs);
  return found;
}

const timeOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1_000 + Math.floor((eventTime?.nanos ?? 0) / 1_000_000);

const impossible = (advice: string, workflowId: string, atMs: number): VigilError =>
  new VigilError('RESET_IMPOSSIBLE', advice, { workflowId, to: isoTime(atMs) });

/** A gRPC status. */
const NOT_FOUND = new Set<number>([5]);
function isNotFound(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && NOT_FOUND.has(cause.code);
}
