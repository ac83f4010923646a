import * as wf from '@temporalio/workflow';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { Counters } from '../../src/core/model/partition-set/partition-set-state.ts';
import { SET_COUNTERS, WORKFLOW_COUNTERS, type WORKFLOW_COUNTER_LABELS } from './metric-names.ts';

const KINDS = Object.keys(WORKFLOW_COUNTERS) as (keyof typeof WORKFLOW_COUNTERS)[];

type Labels = Record<(typeof WORKFLOW_COUNTER_LABELS)[number], string>;
const labelsOf = ({ clientId, id }: Rule): Labels => ({ client: clientId, rule: id });

/** Runs work on a partition set, and counts its effect on events. The SDK skips replays. */
export function counting(rule: Rule, counters: () => Counters, work: () => void): void {
  const before = { ...counters() };
  work();
  const after = counters();
  for (const kind of KINDS) add(WORKFLOW_COUNTERS[kind], after[kind] - before[kind], labelsOf(rule));
}

/** Counts and logs that a partition set is rebuilt from the stream. */
export function countRecovery(rule: Rule, reason: string): void {
  add(SET_COUNTERS.recovered, 1, labelsOf(rule));
  wf.log.warn(
    'this partition set lacks events, and is rebuilt from the stream; see docs/operations.md#a-partition-set-is-rebuilt',
    { reason },
  );
}

/** Counts and logs a message that is not for this workflow. */
export function countRefused(rule: Rule, what: string): void {
  add(SET_COUNTERS.refused, 1, labelsOf(rule));
  wf.log.warn('message rejected: it is not for this partition set', { what });
}

function add({ name, help }: { name: string; help: string }, count: number, labels: Labels): void {
  if (count > 0) wf.metricMeter.createCounter(name, undefined, help).add(count, labels);
}
