/**
 * What workflows count, through the SDK, which leaves replays out and adds `_total` to the name. Process by process: a
 * workflow that moves to another worker is counted there from then on.
 */
export const WORKFLOW_COUNTERS = {
  applied: { name: 'vigil_events_applied', help: 'Events that rules took into account.' },
  late: { name: 'vigil_events_late', help: 'Applied events that were older than what their partition already knew.' },
  repeated: { name: 'vigil_events_repeated', help: 'Events that came again after a crash or a reset, and were dropped.' },
  overflow: { name: 'vigil_events_overflow', help: 'Events that were left out because their set has as many partitions as it may, and one an hour of those whose rule has as many groups as it may.' },
} as const;

/** Labels of all of them. */
export const WORKFLOW_COUNTER_LABELS = ['client', 'rule'] as const;
