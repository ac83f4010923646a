import type { LogEntry } from '@temporalio/worker';
import { ERROR_CODES } from '../../core/primitives/errors.ts';

/** Why a workflow task failed. `encryption`: its payloads cannot be decrypted. `transient`: not caused by the workflow; Temporal retries it. */
export type TaskFailureCause = 'nondeterminism' | 'size' | 'encryption' | 'bug' | 'transient';

export interface TaskFailure {
  cause: TaskFailureCause;
  /** Null if the SDK does not log it. */
  workflowId: string | null;
  taskQueue: string | null;
  /** The message of the workflow, the SDK or the server. */
  detail: string;
}

/** Log filter that makes the SDK's native part log the workflow of a task while it completes the task. */
export const TASK_LOG_FILTER = 'temporalio_sdk_core[complete_workflow_activation]=INFO';

const LOGGED_BY = 'temporalio_sdk_core::worker::workflow';
const TOO_LARGE = /too ?large|exceeds? (the )?(namespace )?size limit|larger than max|(size|count) exceeds limit/i;
const NONDETERMINISM = /NonDeterministicError|TMPRL1100|DeterminismViolation/;
/** The history could not be read completely, because Temporal was unreachable. */
const TRANSIENT = /history (page|fetch)|fetching history|transport error|Unavailable|DeadlineExceeded/i;
const UNREADABLE = [ERROR_CODES.ENCRYPTION_KEY_UNKNOWN, ERROR_CODES.PAYLOAD_UNREADABLE];
const BAD_COMMAND = /^(Bad|Pending|ScheduleActivity|StartTimer)\w+: /;

/**
 * Parses a log line of the SDK's native part; null if it is not about a failed task. Only these lines have the reason
 * why the server rejects a workflow's commands. The SDK logs only the first attempts of a task.
 */
export function taskFailureOf({ message, meta = {} }: Pick<LogEntry, 'message' | 'meta'>): TaskFailure | null {
  if (meta['target'] !== LOGGED_BY) return null;
  const owner = { workflowId: textOf(meta['workflowId']), taskQueue: textOf(meta['taskQueue']) };
  switch (message) {
    case 'Failing workflow task': {
      const failure = textOf(meta['failure']) ?? '';
      return { ...owner, cause: causeOfFailure(failure), detail: messageIn(failure) };
    }
    case 'Error while completing workflow activation': {
      const detail = messageIn(textOf(meta['error']) ?? '');
      // The SDK logs another line for this task failure.
      return detail.includes('larger than max') ? null : { ...owner, cause: causeOfRefusal(detail), detail };
    }
    case 'Task not found when completing':
      return { ...owner, cause: 'transient', detail: message };
    default:
      return null;
  }
}

function causeOfFailure(failure: string): TaskFailureCause {
  if (NONDETERMINISM.test(failure)) return 'nondeterminism';
  if (/force_cause: \w+TooLarge/.test(failure)) return 'size';
  const message = messageIn(failure);
  if (UNREADABLE.some((text) => message.startsWith(text))) return 'encryption';
  return TRANSIENT.test(message) ? 'transient' : 'bug';
}

/** The server names the rejected command; other responses are transient. */
function causeOfRefusal(detail: string): TaskFailureCause {
  if (!BAD_COMMAND.test(detail)) return 'transient';
  return TOO_LARGE.test(detail) ? 'size' : 'bug';
}

/** The first message in the debug output of a Rust struct. */
function messageIn(printed: string): string {
  const [, text = printed] = /message: "((?:[^"\\]|\\.)*)"/.exec(printed) ?? [];
  return text.replaceAll('\\"', '"').slice(0, 500);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
