import type { DegradedReason } from '../../core/health/degraded.ts';
import { FailingWorkflows, type FailingWorkflowsDeps } from './failing-workflows.ts';
import { onTaskFailure } from './runtime.ts';

const LOOK_EVERY_MS = 10_000;

/** Reports the workflows of a task queue whose tasks fail in this process: in the log, the metrics and /healthz. */
export function watchTasks(
  taskQueue: string,
  deps: FailingWorkflowsDeps,
  lookEveryMs = LOOK_EVERY_MS,
): { reasons: () => DegradedReason[]; stop: () => void } {
  const failing = new FailingWorkflows(deps);
  const end = onTaskFailure((failure) => {
    if (failure.taskQueue === null || failure.taskQueue === taskQueue) failing.note(failure);
  });
  const timer = setInterval(() => void failing.look(), lookEveryMs);
  return {
    reasons: () => failing.reasons(),
    stop() {
      clearInterval(timer);
      end();
    },
  };
}
