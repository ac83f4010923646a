import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import { ALERT_BYTES_MAX } from '../../src/core/alerts/envelope.ts';
import type { AlertOutbox } from './alert-outbox.ts';

/** Alerts in one activity: enough to catch up quickly. */
const ALERTS_PER_PUBLISH = 100;
/** Of its arguments, as JSON: two of the largest alerts, and far from the 2 MB that a payload may have. */
const BYTES_PER_PUBLISH = 2 * ALERT_BYTES_MAX;

const { publishAlerts } = wf.proxyActivities<Pick<Activities, 'publishAlerts'>>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '4s',
  // An alert is never given up: NATS may be away for hours.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
  // At rollover the run need not wait: what is not known to be published is carried over, and its id makes a repeat harmless.
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

export interface Publisher {
  outbox: AlertOutbox;
  /** That are under way. */
  activities: number;
  /** Whether alerts may leave now. */
  mayPublish(): boolean;
  /** Alerts have left. */
  published(): void;
}

/** Publishes the outbox in order, one activity at a time; alerts gather while one is under way. */
export async function publishing(publisher: Publisher): Promise<void> {
  const { outbox } = publisher;
  for (;;) {
    await wf.condition(() => outbox.length > 0 && publisher.mayPublish());
    const batch = outbox.next(ALERTS_PER_PUBLISH, BYTES_PER_PUBLISH);
    publisher.activities += 1;
    try {
      await publishAlerts.executeWithOptions({ summary: summaryOf(batch) }, [batch]);
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
