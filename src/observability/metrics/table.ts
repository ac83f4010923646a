import { ALERT_STATUSES } from '../../core/model/alert/alert.ts';

export interface MetricRow {
  type: 'counter' | 'gauge' | 'histogram';
  name: string;
  help: string;
  labels?: readonly string[];
  /** The known values of the only label. Their series exist from the start, at 0. */
  values?: readonly string[];
  /** Upper bounds, in the unit of the name. */
  buckets?: readonly number[];
}

/** Buckets for network calls, seconds. */
const WORK_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Buckets from immediate delivery to hours of outage, seconds. */
const DELAY_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];
/** Buckets for previews, which may take a minute, seconds. */
const PREVIEW_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90];
const EVENTS_IN_A_SIGNAL = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export const DEAD_LETTER_REASONS = [
  'json',
  'not-an-object',
  'client-id',
  'type',
  'wrong-client',
  'wrong-type',
  'cloudevents',
  'batch',
  'time',
  'future',
  'quota',
  'unusable',
] as const;
const SIGNAL_RESULTS = ['accepted', 'refused'] as const;
/** Why a stream did not store a message. */
const PUBLISH_FAILURES = ['no-answer', 'refused', 'other'] as const;
export type PublishFailureReason = (typeof PUBLISH_FAILURES)[number];

/** All metrics of this process. A test compares them with the table in docs/observability.md. */
export const METRICS = {
  eventsRead: {
    type: 'counter',
    name: 'vigil_events_read_total',
    labels: ['lane'],
    help: 'Events read from the event stream.',
  },
  eventsMatched: {
    type: 'counter',
    name: 'vigil_events_matched_total',
    help: 'Deliveries of events: one for each workflow that an event matches.',
  },
  eventsDelivered: {
    type: 'counter',
    name: 'vigil_events_delivered_total',
    help: 'Deliveries that Temporal has accepted.',
  },
  eventsLeftOut: {
    type: 'counter',
    name: 'vigil_events_left_out_total',
    help: 'Events that were skipped because their rule has reached the maximum number of groups.',
  },
  eventsDuplicate: {
    type: 'counter',
    name: 'vigil_events_duplicate_total',
    help: 'Events that were skipped because the stream had an event of the client with the same id shortly before.',
  },
  deadLetters: {
    type: 'counter',
    name: 'vigil_dead_letters_total',
    labels: ['reason'],
    values: DEAD_LETTER_REASONS,
    help: 'Events published to the dead letters; docs/errors.md lists the reasons.',
  },
  deadLetterFailures: {
    type: 'counter',
    name: 'vigil_dead_letter_failures_total',
    labels: ['reason'],
    values: PUBLISH_FAILURES,
    help: 'Failed attempts to store dead letters. They are retried until they succeed.',
  },
  auditFailures: {
    type: 'counter',
    name: 'vigil_audit_failures_total',
    labels: ['reason'],
    values: PUBLISH_FAILURES,
    help: 'Failed attempts to store entries of the audit. The log has the entries, and they are tried again.',
  },
  auditWaiting: {
    type: 'gauge',
    name: 'vigil_audit_waiting',
    help: 'Entries of the audit that wait to be stored.',
  },
  auditDropped: {
    type: 'counter',
    name: 'vigil_audit_dropped_total',
    help: 'Entries of the audit that are not tried again, because too many wait or vigil stops. Only the log has them.',
  },
  lanesOwned: { type: 'gauge', name: 'vigil_lanes_owned', help: 'Lanes of the event stream that this process reads.' },
  laneLagMessages: {
    type: 'gauge',
    name: 'vigil_lane_lag_messages',
    labels: ['lane'],
    help: 'Messages of the lane that Temporal has not accepted yet. Unread messages count for every lane, because their lane is not known before they are read.',
  },
  laneLagSeconds: {
    type: 'gauge',
    name: 'vigil_lane_lag_seconds',
    labels: ['lane'],
    help: 'Age of the oldest message of the lane that Temporal has not accepted yet; 0 if there is none.',
  },
  laneTenantsAside: {
    type: 'gauge',
    name: 'vigil_lane_tenants_aside',
    labels: ['lane'],
    help: 'Parked clients: their events arrive faster than they are processed, or their rules are changing. The lane goes on without them, and a catch-up reader reads their events.',
  },
  tenantWaiting: {
    type: 'gauge',
    name: 'vigil_tenant_waiting_events',
    labels: ['client'],
    help: 'Events of a client that were read and wait for Temporal; only the 20 clients with the most.',
  },
  setsHeld: {
    type: 'gauge',
    name: 'vigil_partition_sets_held',
    labels: ['lane'],
    help: 'Partition sets whose events wait in the stream, because the set has too many unpublished alerts or messages, or does not answer.',
  },
  setHeldSeconds: {
    type: 'gauge',
    name: 'vigil_partition_set_held_seconds',
    help: 'Longest time for which the events of a partition set have waited in this way; 0 if there is none.',
  },
  rulesPaused: {
    type: 'gauge',
    name: 'vigil_rules_paused',
    help: 'Rules in the lanes of this process that are paused: their events and deadlines wait.',
  },
  signals: {
    type: 'counter',
    name: 'vigil_signals_total',
    labels: ['result'],
    values: SIGNAL_RESULTS,
    help: 'Signals sent to workflows. Refused signals are retried.',
  },
  signalSeconds: {
    type: 'histogram',
    name: 'vigil_signal_seconds',
    buckets: WORK_S,
    help: 'Time from sending a signal to the response of Temporal.',
  },
  batchEvents: {
    type: 'histogram',
    name: 'vigil_batch_events',
    buckets: EVENTS_IN_A_SIGNAL,
    help: 'Events in each signal that Temporal has accepted.',
  },
  alertsPublished: {
    type: 'counter',
    name: 'vigil_alerts_published_total',
    labels: ['status'],
    values: ALERT_STATUSES,
    help: 'Alert transitions that the alert stream has stored.',
  },
  alertPublishFailures: {
    type: 'counter',
    name: 'vigil_alert_publish_failures_total',
    labels: ['reason'],
    values: PUBLISH_FAILURES,
    help: 'Failed attempts to publish alerts. They are retried until they succeed.',
  },
  alertPublishSeconds: {
    type: 'histogram',
    name: 'vigil_alert_publish_seconds',
    buckets: WORK_S,
    help: 'Time from publishing the alerts of one workflow to the acknowledgement of the stream.',
  },
  alertDelay: {
    type: 'histogram',
    name: 'vigil_alert_delay_seconds',
    buckets: DELAY_S,
    help: 'Time from `evaluatedAt`, when the transition was due by the clock of the stream, to its publication, without `lateTolerance`.',
  },
  alertRecordsPending: {
    type: 'gauge',
    name: 'vigil_alert_records_pending',
    help: 'Messages of the alert stream that are not in the records of alerts yet, which the API lists.',
  },
  workflowTaskFailures: {
    type: 'counter',
    name: 'vigil_workflow_task_failures_total',
    labels: ['cause', 'client', 'rule'],
    help: 'Failed workflow tasks: `nondeterminism`, `size`, `encryption`, `bug`, or `transient`, which is not caused by the workflow.',
  },
  workflowResets: {
    type: 'counter',
    name: 'vigil_workflow_resets_total',
    labels: ['client', 'rule'],
    help: 'Workflows that vigil has reset to the last point that can be replayed, because their history could not be replayed.',
  },
  workflowsRunning: {
    type: 'gauge',
    name: 'vigil_workflows_running',
    labels: ['status'],
    help: 'Running rule workflows by alert status, for all processes; read from Temporal at most every 15 s.',
  },
  partUp: {
    type: 'gauge',
    name: 'vigil_part_up',
    labels: ['part'],
    help: 'Whether a part of this process is up (1) or not (0), as in /healthz.',
  },
  degradedReasons: {
    type: 'gauge',
    name: 'vigil_degraded_reasons',
    labels: ['code'],
    help: 'Reasons why parts of this process are degraded, as in /healthz; docs/operations.md lists the codes.',
  },
  httpSeconds: {
    type: 'histogram',
    name: 'vigil_http_request_seconds',
    labels: ['method', 'route', 'status'],
    buckets: WORK_S,
    help: 'Duration of HTTP requests; for live updates, until the first byte.',
  },
  overQuota: {
    type: 'counter',
    name: 'vigil_over_quota_total',
    labels: ['client', 'quota'],
    help: 'What was refused or held back because the quota of a client was used up: rules, events of further partition sets, events, notifications and previews.',
  },
  previewsRunning: { type: 'gauge', name: 'vigil_previews_running', help: 'Previews of rules that run now.' },
  previewsRefused: {
    type: 'counter',
    name: 'vigil_previews_refused_total',
    help: 'Previews that were refused, because as many ran as may.',
  },
  previewSeconds: {
    type: 'histogram',
    name: 'vigil_preview_seconds',
    buckets: PREVIEW_S,
    help: 'How long previews ran, also those that nobody waited for any more.',
  },
  collectFailures: {
    type: 'counter',
    name: 'vigil_collect_failures_total',
    labels: ['source'],
    help: 'Scrapes in which a part of the metrics failed and was omitted.',
  },
} as const satisfies Record<string, MetricRow>;
