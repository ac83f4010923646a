import { createPublishOnce, type PublishOnce } from '../nats/connection/publish-once.ts';
import { ownerOf } from '../nats/connection/owner-of.ts';
import { ALERTS_STREAM } from '../nats/connection/topology.ts';
import {
  openWorkQueue,
  type NatsConnection,
  type WorkResult,
  type QueueMessage,
  type WorkQueue,
} from '../nats/alerts/work-queue.ts';
import type { Log } from '../observability/log.ts';
import { logSink } from './sinks/log.ts';
import { natsSink } from './sinks/nats.ts';
import type { Sink } from './sinks/sink.ts';
import { webhookSink } from './sinks/webhook.ts';
import { readAlert } from './read-alert.ts';
import type { Policy, Receiver } from './policy-schema.ts';
import { isWanted } from './is-wanted.ts';
import { limitReceiver, type AlertQuotas, type Limited } from './limited.ts';
import { routeTo } from './route.ts';

export interface AlertsProcessorOptions {
  connection: NatsConnection;
  policy: Policy;
  log: Log;
  /** Default: no client has a quota. */
  quotas?: AlertQuotas;
  /** Epoch ms; tests set their own. */
  now?: () => number;
}

export interface ReceiverStatus {
  up: boolean;
  /** Alerts delivered, and alerts given up, since the process started. */
  delivered: number;
  givenUp: number;
  /** Alerts that wait for a retry. */
  waiting: number;
  lastFailure: string | null;
}

export interface AlertsProcessor {
  status(): Record<string, ReceiverStatus>;
  /** Finishes the deliveries in progress. The next start continues with the rest. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Delivers alerts to receivers according to the policy: each alert once, and the alerts of a rule in order. Each
 * receiver has its own durable consumer, `notify-<receiver>`, so that a receiver that is down does not block others. A
 * new receiver starts with new alerts; a known one continues where it stopped. The alert stream must exist.
 */
export async function startAlertsProcessor({
  connection,
  policy,
  log,
  quotas = NO_QUOTAS,
  now = Date.now,
}: AlertsProcessorOptions): Promise<AlertsProcessor> {
  const publish = createPublishOnce(connection);
  const queues = new Map<string, { queue: WorkQueue; counts: Counts }>();
  const limits: Limited[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([...queues.values()].map(({ queue }) => queue.stop()));
    await Promise.all(limits.map((limit) => limit.stop()));
  };
  try {
    for (const [name, receiver] of Object.entries(policy.receivers)) {
      const counts: Counts = { delivered: 0, givenUp: 0, lastFailure: null };
      const sink = sinkOf(name, receiver, publish, log);
      const limit = limitReceiver({ receiver: name, sink, quotas, log, now });
      limits.push(limit);
      const handle = notifier({ name, sink, limit, isRouted: routeTo(policy, name), counts, log });
      const queue = await openWorkQueue(connection, { stream: ALERTS_STREAM, name: `notify-${name}`, handle, log });
      queues.set(name, { queue, counts });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const statusOf = ({ queue, counts }: { queue: WorkQueue; counts: Counts }): ReceiverStatus => ({
    up: queue.isUp(),
    waiting: queue.waiting(),
    ...counts,
  });
  return { status: () => Object.fromEntries([...queues].map(([name, queue]) => [name, statusOf(queue)])), stop };
}

const NO_QUOTAS: AlertQuotas = { alertsPerMinute: () => null, heldBack: () => undefined };

type Counts = Pick<ReceiverStatus, 'delivered' | 'givenUp' | 'lastFailure'>;

function sinkOf(name: string, { webhook, nats }: Receiver, publish: PublishOnce, log: Log): Sink {
  if (webhook) return webhookSink({ url: webhook.url, headers: webhook.headers, timeoutMs: webhook.timeout });
  if (nats) return natsSink({ receiver: name, subject: nats.subject, publish });
  return logSink(log);
}

interface NotifierOptions {
  name: string;
  sink: Sink;
  limit: Limited;
  isRouted: ReturnType<typeof routeTo>;
  counts: Counts;
  log: Log;
}

function notifier({
  name,
  sink,
  limit,
  isRouted,
  counts,
  log,
}: NotifierOptions): (message: QueueMessage) => Promise<WorkResult> {
  return async ({ subject, data, sequence, attempt }) => {
    const alert = readAlert(data);
    if (!alert) {
      log.error(
        { ...ownerOf(subject), receiver: name, subject, sequence },
        'alerts: invalid message on the alert stream; skipped',
      );
      counts.givenUp += 1;
      return 'give-up';
    }
    if (!isWanted(alert.data) || !isRouted(alert.data) || !limit.mayPass(sequence, alert.data.clientId)) return 'done';

    const delivery = await sink.deliver(alert);
    if (delivery.ok || !delivery.retry) limit.settled(sequence);
    if (delivery.ok) {
      counts.delivered += 1;
      return 'done';
    }
    const { reason, retry, retryAfterMs = 0 } = delivery;
    counts.lastFailure = reason;
    const { clientId, ruleId } = alert.data;
    const fields = { clientId, ruleId, receiver: name, alertId: alert.id, attempt, reason };
    if (!retry) {
      log.error(fields, `alerts: delivery to ${name} failed permanently`);
      counts.givenUp += 1;
      return 'give-up';
    }
    const growing = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_RETRY_MS);
    const retryInMs = Math.max(growing, Math.min(retryAfterMs, LONGEST_RETRY_MS));
    log.warn({ ...fields, retryInMs }, `alerts: delivery to ${name} failed; will retry`);
    return { retryInMs };
  };
}
