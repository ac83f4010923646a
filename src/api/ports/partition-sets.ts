import type { ExplainRequest } from '../../core/explain/explain.ts';
import type { PartitionPage, PartitionsRequest } from '../../core/explain/list-partitions.ts';
import type { Explanation } from '../../core/explain/explanation.ts';
import type { ActionInput, ActionResult, AlertAction } from '../../core/model/alert/operator-action.ts';

/** One partition set (one workflow), from Temporal's visibility store. */
export interface SetSummary {
  workflowId: string;
  clientId: string;
  ruleId: string;
  status: 'inactive' | 'pending' | 'firing';
}

export interface SetsPort {
  /** Answers within 2 seconds. @throws VigilError TEMPORAL_UNREACHABLE */
  list(clientId: string): Promise<SetSummary[]>;
  /** Some partitions of a partition set or shard; null if it does not run. @throws VigilError TEMPORAL_UNREACHABLE */
  partitions(workflowId: string, request: PartitionsRequest): Promise<PartitionPage | null>;
  /** The answer of a partition set or shard; null if it does not run. @throws VigilError TEMPORAL_UNREACHABLE */
  explain(workflowId: string, request: ExplainRequest): Promise<Explanation | null>;
  /**
   * Acts on an alert of a partition set; resolves when its workflow has applied the action.
   * @throws VigilError ACTION_INVALID, PARTITION_SET_NOT_FOUND, PARTITION_NOT_FOUND, ALERT_NOT_FIRING, ALERT_EPISODE_OVER,
   *   PARTITION_SET_BUSY, PARTITION_SET_FULL, TEMPORAL_UNREACHABLE
   */
  act(setId: string, action: AlertAction, input: ActionInput): Promise<ActionResult>;
  /**
   * Has a partition set rebuild itself from the event stream; resolves when that has begun.
   * @throws VigilError PARTITION_SET_NOT_FOUND, PARTITION_SET_BUSY, TEMPORAL_UNREACHABLE
   */
  reset(setId: string, by: string): Promise<void>;
  /**
   * Resets the workflow of a partition set to a time, epoch ms; resolves with the place in its history when it runs
   * again. `dryRun`: only finds the place. @throws VigilError PARTITION_SET_NOT_FOUND, RESET_IMPOSSIBLE,
   *   TEMPORAL_UNREACHABLE
   */
  resetTo(
    setId: string,
    atMs: number,
    how: { by: string; dryRun: boolean },
  ): Promise<{
    runId: string;
    eventId: string;
    atMs: number;
    /** It reads the events stored since then. */
    readsFromMs: number;
  }>;
}
