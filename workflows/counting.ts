import * as wf from '@temporalio/workflow';
import type { Rule } from '../src/core/rule-schema.ts';
import type { Counters } from '../src/core/state.ts';
import { WORKFLOW_COUNTERS, type WORKFLOW_COUNTER_LABELS } from './metric-names.ts';

const KINDS = Object.keys(WORKFLOW_COUNTERS) as (keyof typeof WORKFLOW_COUNTERS)[];

/** Does some work on a set, and counts what it did to events. The SDK leaves out what is replayed. */
export function counting({ clientId, id }: Rule, counters: () => Counters, work: () => void): void {
  const before = { ...counters() };
  work();
  const after = counters();
  const labels: Record<(typeof WORKFLOW_COUNTER_LABELS)[number], string> = { client: clientId, rule: id };
  for (const kind of KINDS) {
    const { name, help } = WORKFLOW_COUNTERS[kind];
    const more = after[kind] - before[kind];
    if (more > 0) wf.metricMeter.createCounter(name, undefined, help).add(more, labels);
  }
}
