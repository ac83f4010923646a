/** The Temporal SDK's series that the dashboard and the rules use. */
export const SDK_METRICS = [
  'temporal_activity_execution_failed_total',
  'temporal_activity_schedule_to_start_latency_seconds_bucket',
  'temporal_request_failure_total',
  'temporal_sticky_cache_size',
  'temporal_sticky_cache_total_forced_eviction_total',
  'temporal_worker_task_slots_used',
  'temporal_workflow_task_execution_failed_total',
  'temporal_workflow_task_execution_latency_seconds_bucket',
  'temporal_workflow_task_replay_latency_seconds_bucket',
  'temporal_workflow_task_schedule_to_start_latency_seconds_bucket',
];
