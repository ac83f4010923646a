import { createActivities } from '../../activities/activities.ts';
import type { Log } from '../observability/log.ts';
import { createAlertRecordStore } from '../nats/alert-records/alert-record-store.ts';
import { startProjector } from '../nats/alert-records/projector.ts';
import { createAlertPublisher } from '../nats/alerts/alert-publisher.ts';
import type { connectNats } from '../nats/connection/connection.ts';
import { createDeadLetters } from '../nats/dead-letters/dead-letter-publisher.ts';
import { createEventLog } from '../nats/events/event-log.ts';
import { openLanes } from '../nats/buckets/lanes-bucket.ts';
import { createAlertLog } from '../nats/alerts/alert-log.ts';
import { createReaderPort, openReaderLink } from '../nats/reader-link/reader-link.ts';
import type { RulesBucket } from '../nats/buckets/rules-bucket.ts';
import type { Policy } from '../notifications/policy-schema.ts';
import { readAlert } from '../notifications/read-alert.ts';
import { startAlertsProcessor } from '../notifications/processor.ts';
import type { PartState } from '../api/ports/service.ts';
import type { PartitionSetsClient } from '../temporal/client/partition-sets-client.ts';
import type { TaskState } from '../temporal/client/task-state.ts';
import { ownerOfWorkflow } from '../core/model/ids.ts';
import { measuredDeadLetters } from '../observability/metrics/measured-dead-letters.ts';
import { measuredPublisher } from '../observability/metrics/measured-publisher.ts';
import { measuredPartitionSets } from '../observability/metrics/measured-sets.ts';
import type { Metrics } from '../observability/metrics/metrics.ts';
import { createSubscriberMetrics } from '../observability/metrics/subscriber-metrics.ts';
import type { Servers } from '../dev-servers/servers.ts';
import { startSubscriber } from '../ingest/subscriber.ts';
import { eventSpans } from '../observability/tracing/event-spans.ts';
import { tracedPublisher } from '../observability/tracing/traced-publisher.ts';
import type { Tracing } from '../observability/tracing/tracing.ts';
import type { DivergedWorkflowsDeps } from '../temporal/worker/diverged-workflows.ts';
import { watchTasks } from '../temporal/worker/watch-tasks.ts';
import { startWorker, type WorkerLimits } from '../temporal/worker/worker.ts';
import type { Config } from './settings/config.ts';
import type { RUNNABLE_PARTS } from './settings/setting-types.ts';
import type { Health } from './health/health.ts';
import type { RunningQuotas } from './ports/quotas.ts';
import type { Shutdown } from './shutdown.ts';
import type { DataConverter } from '@temporalio/common';
import type { temporalSecurity } from './security/temporal-security.ts';
import { watchPublishing } from './health/watch-publishing.ts';
import { watchSubscriber } from './health/watch-subscriber.ts';

type Nats = Awaited<ReturnType<typeof connectNats>>;

/** Dependencies that the parts of a process share. */
export interface PartContext {
  config: Config;
  security: ReturnType<typeof temporalSecurity>;
  dataConverter: DataConverter;
  servers: Servers;
  nats: Nats;
  natsState: () => PartState;
  js: ReturnType<Nats['jetstream']>;
  jsm: Awaited<ReturnType<Nats['jetstreamManager']>>;
  /** Maximum bytes of a NATS message. */
  maxPayload: number;
  rules: RulesBucket;
  quotas: RunningQuotas;
  sets: PartitionSetsClient;
  taskState: (workflowId: string) => Promise<TaskState>;
  reset: DivergedWorkflowsDeps['reset'];
  policy: Policy;
  log: Log;
  metrics: Metrics;
  /** Maximum groups per rule; default LIMITS.groups. */
  groupsPerRule: number | undefined;
  /** Overrides the limits of the worker; set by tests. */
  workerLimits: WorkerLimits | undefined;
  /** Null if tracing is off. */
  tracing: Tracing | null;
  health: Health;
  /** Called with the lanes that this process reads. */
  readsLanes: (lanes: number[]) => void;
  shutdown: Shutdown;
  /** Called when a required part fails. */
  onFailure: (error: Error) => void;
}

/** Starts each part that can run in a separate process. */
export const PARTS: Record<(typeof RUNNABLE_PARTS)[number], (context: PartContext) => Promise<void>> = {
  async worker({
    config,
    security,
    dataConverter,
    servers,
    nats,
    js,
    jsm,
    taskState,
    reset,
    log,
    metrics,
    tracing,
    workerLimits,
    health,
    shutdown,
    onFailure,
  }) {
    const { temporalNamespace: namespace, temporalTaskQueue: taskQueue, lanes } = config;
    const publishing = watchPublishing('ALERTS_NOT_PUBLISHED', 'Alerts', log);
    const publisher = measuredPublisher(createAlertPublisher(nats, js, jsm), metrics, publishing);
    health.degradedBy('worker', publishing.reasons);
    const activities = createActivities({
      alerts: tracing === null ? publisher : tracedPublisher(publisher, tracing),
      reader: createReaderPort(nats, lanes),
    });
    const tasks = watchTasks(taskQueue, {
      taskState,
      reset,
      log,
      resetCounted(workflowId) {
        const { clientId: client = '', ruleId: rule = '' } = ownerOfWorkflow(workflowId);
        metrics.workflowResets.inc({ client, rule });
      },
      counted(cause, workflowId, count) {
        const { clientId: client = '', ruleId: rule = '' } = ownerOfWorkflow(workflowId);
        metrics.workflowTaskFailures.inc({ cause, client, rule }, count);
      },
    });
    shutdown.add('watch of tasks', tasks.stop);
    health.degradedBy('worker', tasks.reasons);
    const worker = await startWorker({
      address: servers.temporalAddress,
      security,
      namespace,
      taskQueue,
      activities,
      dataConverter,
      limits: workerLimits,
    });
    shutdown.add('worker', () => worker.stop());
    worker.done.catch((error: unknown) => {
      log.error({ err: error }, 'the worker failed');
      onFailure(error instanceof Error ? error : new Error(String(error)));
    });
    health.set('worker', () => (worker.isUp() ? 'up' : 'down'));
  },

  async subscriber({
    config,
    nats,
    natsState,
    js,
    jsm,
    maxPayload,
    rules,
    quotas,
    sets,
    log,
    metrics,
    tracing,
    groupsPerRule,
    health,
    readsLanes,
    shutdown,
  }) {
    const subscriberMetrics = createSubscriberMetrics(metrics);
    const storing = watchPublishing('DEAD_LETTERS_NOT_STORED', 'Dead letters', log);
    health.degradedBy('subscriber', storing.reasons);
    const subscriber = await startSubscriber({
      log: createEventLog({ nats, jsm, eventId: config.eventId }),
      lanes: await openLanes(nats, config.lanes),
      rules,
      alerts: createAlertLog(nats, jsm),
      deadLetters: measuredDeadLetters(createDeadLetters(js, maxPayload), metrics, storing),
      sets: measuredPartitionSets(sets, subscriberMetrics),
      logger: log,
      metrics: subscriberMetrics,
      traces: tracing === null ? undefined : eventSpans(tracing),
      groupsPerRule,
      quotas,
    });
    subscriberMetrics.lag(() => subscriber.lag());
    subscriberMetrics.tenants(() => subscriber.tenants());
    subscriberMetrics.held(() => subscriber.held(), config.lanes);
    subscriberMetrics.paused(() => subscriber.paused());
    const watch = watchSubscriber(subscriber, log);
    shutdown.add('watch of the subscriber', watch.stop);
    health.degradedBy('subscriber', watch.reasons);
    shutdown.add('subscriber', () => subscriber.stop());
    const link = openReaderLink(nats, subscriber);
    shutdown.add('reader link', () => link.close());
    subscriber.onLanes((lanes) => {
      link.answerFor(lanes);
      readsLanes(lanes);
    });
    health.set('subscriber', () => (subscriber.isReading() && natsState() === 'up' ? 'up' : 'down'));
  },

  async alerts({ nats, natsState, js, jsm, policy, quotas, log, metrics, health, shutdown }) {
    const projector = startProjector({ js, jsm, records: createAlertRecordStore(js, jsm), readAlert, log });
    shutdown.add('projector', () => projector.stop());
    metrics.onScrape('alert-records', async () => {
      const pending = await projector.pending();
      if (pending !== null) metrics.alertRecordsPending.set(pending);
    });
    const processor = await startAlertsProcessor({
      connection: nats,
      policy,
      log,
      quotas: {
        alertsPerMinute: (clientId) => quotas.of(clientId).alertsPerMinute,
        heldBack: (clientId) => metrics.overQuota.inc({ client: clientId, quota: 'alertsPerMinute' }),
      },
    });
    shutdown.add('alerts processor', () => processor.stop());
    health.set('alerts', () =>
      Object.values(processor.status()).every(({ up }) => up) && projector.isUp() && natsState() === 'up'
        ? 'up'
        : 'down',
    );
  },
};
