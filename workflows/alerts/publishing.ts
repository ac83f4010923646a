import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import { ALERT_BYTES_MAX, MARKS_BYTES_MAX } from '../../src/core/alerts/envelope.ts';
import type { AlertOutbox } from './alert-outbox.ts';
import type { Publisher } from './publisher.ts';
import { fairly } from '../shared/fairly.ts';
import { mayPublishLocally, publishedLocally } from './publish-locally.ts';

/** Alerts per activity: enough to catch up quickly. */
const ALERTS_PER_PUBLISH = 100;
/**
 * JSON bytes of its arguments: two of the largest alerts without marks, far below the 2 MB limit of a payload. Replay: it
 * divides the outbox, so it stays what it was before alerts had marks.
 */
const BYTES_PER_PUBLISH = 2 * (ALERT_BYTES_MAX - MARKS_BYTES_MAX);

const { publishAlerts } = wf.proxyActivities<Pick<Activities, 'publishAlerts'>>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '4s',
  // Never give up an alert: NATS may be down for hours.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
  // The end of a run need not wait: unconfirmed alerts are carried over, and their ids make publishing them again
  // harmless.
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

/**
 * Publishes the outbox in order, one activity at a time; alerts accumulate meanwhile. What a local activity does not
 * publish at once is left to a normal one, which does not give up.
 */
export async function publishing(publisher: Publisher): Promise<void> {
  const { outbox } = publisher;
  for (;;) {
    await wf.condition(() => outbox.length > 0 && publisher.mayPublish());
    const batch = outbox.next(ALERTS_PER_PUBLISH, BYTES_PER_PUBLISH);
    publisher.activities += 1;
    try {
      const summary = summaryOf(batch);
      // Replay: without it, nothing else may be awaited, as that changes the order of commands.
      const isPublished = mayPublishLocally(publisher, batch) && (await publishedLocally(publisher, batch, summary));
      if (!isPublished)
        await publishAlerts.executeWithOptions({ ...fairly(), summary }, [batch, publisher.lateToleranceMs]);
    } finally {
      publisher.activities -= 1;
    }
    outbox.published(batch);
    publisher.published();
  }
}

function summaryOf(batch: ReturnType<AlertOutbox['next']>): string {
  const [first] = batch;
  const more = batch.length > 1 ? ` and ${batch.length - 1} more` : '';
  return `${first?.data.status ?? ''} #${first?.data.episode ?? ''}${more}`;
}
