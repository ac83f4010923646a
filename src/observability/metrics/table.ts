import { ALERT_STATUSES } from '../../core/model/alert.ts';

export interface MetricRow {
  type: 'counter' | 'gauge' | 'histogram';
  name: string;
  help: string;
  labels?: readonly string[];
  /** What the only label may say, where that is known: these series are there from the start, at 0. */
  values?: readonly string[];
  /** Upper bounds, in the unit of the name. */
  buckets?: readonly number[];
}

/** Of work on the network, seconds. */
const WORK_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From what is seen at once to what waited for an outage to end, seconds. */
const DELAY_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];
const EVENTS_IN_A_SIGNAL = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export const DEAD_LETTER_REASONS = [
  'json',
  'not-an-object',
  'client-id',
  'type',
  'wrong-client',
  'wrong-type',
  'cloudevents',
  'time',
  'future',
  'unusable',
] as const;
const SIGNAL_RESULTS = ['accepted', 'refused'] as const;
/** Why a stream did not take a message. */
const PUBLISH_FAILURES = ['no-answer', 'refused', 'other'] as const;
export type PublishFailureReason = (typeof PUBLISH_FAILURES)[number];

/** What this process measures. docs/observability.md holds the table, and a test compares the two. */
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
    help: 'Deliveries that events led to: one for each workflow that wants the event.',
  },
  eventsDelivered: {
    type: 'counter',
    name: 'vigil_events_delivered_total',
    help: 'Deliveries that Temporal has taken.',
  },
  eventsLeftOut: {
    type: 'counter',
    name: 'vigil_events_left_out_total',
    help: 'Events that were left out because their rule has as many groups as it may.',
  },
  deadLetters: {
    type: 'counter',
    name: 'vigil_dead_letters_total',
    labels: ['reason'],
    values: DEAD_LETTER_REASONS,
    help: 'Events that could not be used; docs/errors.md has the reasons.',
  },
  deadLetterFailures: {
    type: 'counter',
    name: 'vigil_dead_letter_failures_total',
    labels: ['reason'],
    values: PUBLISH_FAILURES,
    help: 'Attempts to store dead letters that failed. They are tried again until they succeed.',
  },
  lanesOwned: { type: 'gauge', name: 'vigil_lanes_owned', help: 'Lanes of the event stream that this process reads.' },
  laneLagMessages: {
    type: 'gauge',
    name: 'vigil_lane_lag_messages',
    labels: ['lane'],
    help: 'Messages of the lane that Temporal has not taken yet. What is not read yet counts for every lane, as only reading tells whose it is.',
  },
  laneLagSeconds: {
    type: 'gauge',
    name: 'vigil_lane_lag_seconds',
    labels: ['lane'],
    help: 'Age of the oldest message of the lane that Temporal has not taken yet; 0 where there is none.',
  },
  laneTenantsAside: {
    type: 'gauge',
    name: 'vigil_lane_tenants_aside',
    labels: ['lane'],
    help: 'Clients that take their events more slowly than they come, or whose rules are changing: the lane goes on without them, and reads theirs again at their own pace.',
  },
  tenantWaiting: {
    type: 'gauge',
    name: 'vigil_tenant_waiting_events',
    labels: ['client'],
    help: 'Events of a client that were read and wait for Temporal: the 20 clients with the most.',
  },
  setsHeld: {
    type: 'gauge',
    name: 'vigil_partition_sets_held',
    labels: ['lane'],
    help: 'Partition sets whose events wait in the stream, as they have too much that they cannot publish or pass on, or as nobody answers for them.',
  },
  setHeldSeconds: {
    type: 'gauge',
    name: 'vigil_partition_set_held_seconds',
    help: 'How long the events of a partition set have waited so: the one that has waited for longest; 0 where there is none.',
  },
  signals: {
    type: 'counter',
    name: 'vigil_signals_total',
    labels: ['result'],
    values: SIGNAL_RESULTS,
    help: 'Signals sent to workflows. What is refused is sent again.',
  },
  signalSeconds: {
    type: 'histogram',
    name: 'vigil_signal_seconds',
    buckets: WORK_S,
    help: 'From sending a signal to the answer of Temporal.',
  },
  batchEvents: {
    type: 'histogram',
    name: 'vigil_batch_events',
    buckets: EVENTS_IN_A_SIGNAL,
    help: 'Events in a signal that Temporal has taken.',
  },
  alertsPublished: {
    type: 'counter',
    name: 'vigil_alerts_published_total',
    labels: ['status'],
    values: ALERT_STATUSES,
    help: 'Alert transitions that the alert stream has taken.',
  },
  alertPublishFailures: {
    type: 'counter',
    name: 'vigil_alert_publish_failures_total',
    labels: ['reason'],
    values: PUBLISH_FAILURES,
    help: 'Attempts to publish alerts that failed. They are tried again until they succeed.',
  },
  alertPublishSeconds: {
    type: 'histogram',
    name: 'vigil_alert_publish_seconds',
    buckets: WORK_S,
    help: 'From handing alerts of one workflow to the stream to its confirmation.',
  },
  alertDelay: {
    type: 'histogram',
    name: 'vigil_alert_delay_seconds',
    buckets: DELAY_S,
    help: 'From `evaluatedAt`, the moment at which the transition was due by the clock of the stream, to its publication.',
  },
  workflowTaskFailures: {
    type: 'counter',
    name: 'vigil_workflow_task_failures_total',
    labels: ['cause', 'client', 'rule'],
    help: 'Workflow tasks that failed: `nondeterminism`, `size`, `bug`, or `transient`, which is no fault of the workflow.',
  },
  workflowResets: {
    type: 'counter',
    name: 'vigil_workflow_resets_total',
    labels: ['client', 'rule'],
    help: 'Workflows whose history could not be replayed, and that vigil has reset to the last point at which it can.',
  },
  workflowsRunning: {
    type: 'gauge',
    name: 'vigil_workflows_running',
    labels: ['status'],
    help: 'Running workflows of rules by alert status, all processes together; asked of Temporal every 15 s at most.',
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
    help: 'What needs a person in this process although its parts are up, as in /healthz: docs/operations.md has the codes.',
  },
  httpSeconds: {
    type: 'histogram',
    name: 'vigil_http_request_seconds',
    labels: ['method', 'route', 'status'],
    buckets: WORK_S,
    help: 'HTTP requests; those for live updates up to the first byte.',
  },
  collectFailures: {
    type: 'counter',
    name: 'vigil_collect_failures_total',
    labels: ['source'],
    help: 'Times that a part of this page could not be made and was left out.',
  },
} as const satisfies Record<string, MetricRow>;
