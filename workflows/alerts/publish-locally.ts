import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { fewerTasks } from '../shared/fewer-tasks.ts';
import type { Publisher } from './publisher.ts';

/** More take too long: they are published one after another. */
const MOST_ALERTS = 10;

/**
 * The workflow's task waits for it, and with the task everything else: signals, queries, updates. Far below the 10 s of a
 * task.
 */
const { publishAlerts } = wf.proxyLocalActivities<Pick<Activities, 'publishAlerts'>>({
  scheduleToCloseTimeout: '2s',
  retry: { maximumAttempts: 1 },
});

/**
 * Publishes alerts within the workflow task that made them, by a local activity: one marker in the history, and no
 * further task. Returns false if that did not succeed at once.
 */
export async function publishedLocally(
  publisher: Publisher,
  batch: readonly AlertEnvelope[],
  summary: string,
): Promise<boolean> {
  try {
    // A run that ends waits for it: not for long.
    await wf.CancellationScope.nonCancellable(() =>
      publishAlerts.executeWithOptions({ summary }, [[...batch], publisher.lateToleranceMs]),
    );
    return true;
  } catch (error) {
    if (!(error instanceof wf.TemporalFailure)) throw error;
    return false;
  }
}

/**
 * Whether the alerts are certain before the task completes. If the worker is lost during the task, Temporal repeats it,
 * possibly with further signals: the same alerts must come of it.
 */
export function mayPublishLocally({ outbox, hasUpdateInTask }: Publisher, batch: readonly AlertEnvelope[]): boolean {
  // Temporal stores an update when its task completes: before, it can be lost. And a set that is rebuilt with new ids
  // withdraws alerts that are resolved before it has published them.
  return batch.length <= MOST_ALERTS && !hasUpdateInTask() && outbox.past === null && fewerTasks();
}
