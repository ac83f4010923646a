/**
 * Counters of workflows, through the SDK, which skips replays and appends `_total` to the name. Per process: a workflow
 * that moves to another worker is counted there from then on.
 */
export const WORKFLOW_COUNTERS = {
  applied: { name: 'vigil_events_applied', help: 'Events that rules applied.' },
  late: { name: 'vigil_events_late', help: 'Applied events that were older than the newest event of their partition.' },
  repeated: {
    name: 'vigil_events_repeated',
    help: 'Events that were delivered again after a crash or a reset, and were dropped.',
  },
  overflow: {
    name: 'vigil_events_overflow',
    help: 'Events that were dropped because their set has the maximum number of partitions, and one an hour of those whose rule has the maximum number of groups.',
  },
} as const;

/** Labels of all counters. */
export const WORKFLOW_COUNTER_LABELS = ['client', 'rule'] as const;

/** Counters of partition sets, recorded in the same way. */
export const SET_COUNTERS = {
  recovered: {
    name: 'vigil_partition_sets_recovered',
    help: 'Partition sets rebuilt from the stream because their workflow was terminated or failed, lost a shard, or could not handle all events.',
  },
  refused: {
    name: 'vigil_messages_refused',
    help: 'Messages that a workflow rejected because they are for another partition set or an older split, or are malformed.',
  },
} as const;
