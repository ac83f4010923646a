import * as wf from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { Outbox } from './outbox.ts';

/** Alerts in one activity: enough to catch up quickly, and far from the 2 MB that a payload may have. */
const ALERTS_PER_PUBLISH = 100;

const { publishAlerts } = wf.proxyActivities<Pick<Activities, 'publishAlerts'>>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '4s',
  // An alert is never given up: NATS may be away for hours.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
  // At rollover the run need not wait: what is not known to be published is carried over, and its id makes a repeat harmless.
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

/** Publishes the outbox in order, one activity at a time; alerts gather while one is under way. */
export async function publishing(outbox: Outbox): Promise<void> {
  for (;;) {
    await wf.condition(() => outbox.alerts.length > 0);
    const batch = outbox.alerts.slice(0, ALERTS_PER_PUBLISH);
    await publishAlerts.executeWithOptions({ summary: summaryOf(batch) }, [batch]);
    outbox.published(batch.length);
  }
}

function summaryOf(batch: Outbox['alerts']): string {
  const [first] = batch;
  const more = batch.length > 1 ? ` and ${batch.length - 1} more` : '';
  return `${first?.data.status ?? ''} #${first?.data.episode ?? ''}${more}`;
}
