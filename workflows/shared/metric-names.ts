/**
 * What workflows count, through the SDK, which leaves replays out and adds `_total` to the name. Process by process: a
 * workflow that moves to another worker is counted there from then on.
 */
export const WORKFLOW_COUNTERS = {
  applied: { name: 'vigil_events_applied', help: 'Events that rules took into account.' },
  late: { name: 'vigil_events_late', help: 'Applied events that were older than what their partition already knew.' },
  repeated: {
    name: 'vigil_events_repeated',
    help: 'Events that came again after a crash or a reset, and were dropped.',
  },
  overflow: {
    name: 'vigil_events_overflow',
    help: 'Events that were left out because their set has as many partitions as it may, and one an hour of those whose rule has as many groups as it may.',
  },
} as const;

/** Labels of all of them. */
export const WORKFLOW_COUNTER_LABELS = ['client', 'rule'] as const;

/** What sets count of their own life, in the same way. */
export const SET_COUNTERS = {
  recovered: {
    name: 'vigil_partition_sets_recovered',
    help: 'Partition sets that had to be rebuilt from the stream, as their workflow was terminated, failed, lost a shard or could not take all events.',
  },
  refused: {
    name: 'vigil_messages_refused',
    help: "Messages that a workflow refused because they belong to another partition set or an older split, or are none of vigil's.",
  },
} as const;
