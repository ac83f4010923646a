import { METRICS, type MetricRow } from '../../../src/observability/metrics/table.ts';
import { SET_COUNTERS, WORKFLOW_COUNTER_LABELS, WORKFLOW_COUNTERS } from '../../../workflows/shared/metric-names.ts';

/** Metrics of workflows, exported with those of the Temporal SDK. */
const COUNTED_BY_WORKFLOWS = Object.values({ ...WORKFLOW_COUNTERS, ...SET_COUNTERS }).map(
  ({ name, help }): MetricRow => ({ type: 'counter', name: `${name}_total`, labels: WORKFLOW_COUNTER_LABELS, help }),
);

/** All of vigil's own metrics. */
export const ALL_METRICS: readonly MetricRow[] = [...Object.values(METRICS), ...COUNTED_BY_WORKFLOWS];

/** The table of docs/observability.md, between `<!-- metrics -->` and `<!-- /metrics -->`. */
export function metricsTable(): string {
  const rows = ALL_METRICS.map(
    ({ name, type, labels = [], help }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  return ['| Metric | Type | Labels | What it says |', '|---|---|---|---|', ...rows].join('\n');
}
