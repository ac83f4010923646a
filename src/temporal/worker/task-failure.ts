import type { LogEntry } from '@temporalio/worker';

/** Why a workflow task failed. `transient`: it is no fault of the workflow, and is done again. */
export type TaskFailureCause = 'nondeterminism' | 'size' | 'bug' | 'transient';

export interface TaskFailure {
  cause: TaskFailureCause;
  /** Null where the SDK does not say. */
  workflowId: string | null;
  taskQueue: string | null;
  /** What the workflow, the SDK or the server says. */
  detail: string;
}

/** Has the SDK say, with what its native part logs while it completes a task, whose task that is. */
export const TASK_LOG_FILTER = 'temporalio_sdk_core[complete_workflow_activation]=INFO';

const LOGGED_BY = 'temporalio_sdk_core::worker::workflow';
const TOO_LARGE = /too ?large|exceeds? (the )?(namespace )?size limit|larger than max|(size|count) exceeds limit/i;
const NONDETERMINISM = /NonDeterministicError|TMPRL1100|DeterminismViolation/;
/** A history that could not be read in whole: Temporal was away. */
const TRANSIENT = /history (page|fetch)|fetching history|transport error|Unavailable|DeadlineExceeded/i;
const BAD_COMMAND = /^(Bad|Pending|ScheduleActivity|StartTimer)\w+: /;

/**
 * What a line of the SDK's native part says of a task that failed; null for all other lines. Only there is it seen why the server
 * refuses what a workflow has decided; of a task that fails again and again it tells the first attempts only.
 */
export function taskFailureOf({ message, meta = {} }: Pick<LogEntry, 'message' | 'meta'>): TaskFailure | null {
  if (meta['target'] !== LOGGED_BY) return null;
  const whose = { workflowId: textOf(meta['workflowId']), taskQueue: textOf(meta['taskQueue']) };
  switch (message) {
    case 'Failing workflow task': {
      const failure = textOf(meta['failure']) ?? '';
      return { ...whose, cause: causeOfFailure(failure), detail: messageIn(failure) };
    }
    case 'Error while completing workflow activation': {
      const detail = messageIn(textOf(meta['error']) ?? '');
      // The task was failed for it as well.
      return detail.includes('larger than max') ? null : { ...whose, cause: causeOfRefusal(detail), detail };
    }
    case 'Task not found when completing':
      return { ...whose, cause: 'transient', detail: message };
    default:
      return null;
  }
}

function causeOfFailure(failure: string): TaskFailureCause {
  if (NONDETERMINISM.test(failure)) return 'nondeterminism';
  if (/force_cause: \w+TooLarge/.test(failure)) return 'size';
  return TRANSIENT.test(messageIn(failure)) ? 'transient' : 'bug';
}

/** The server refuses commands by their name; whatever else it answers passes. */
function causeOfRefusal(detail: string): TaskFailureCause {
  if (!BAD_COMMAND.test(detail)) return 'transient';
  return TOO_LARGE.test(detail) ? 'size' : 'bug';
}

/** The first message in what Rust prints of a struct. */
function messageIn(printed: string): string {
  const [, text = printed] = /message: "((?:[^"\\]|\\.)*)"/.exec(printed) ?? [];
  return text.replaceAll('\\"', '"').slice(0, 500);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
