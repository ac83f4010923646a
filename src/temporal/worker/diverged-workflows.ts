import type { Log } from '../../observability/log.ts';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import { divergedEvent } from '../client/reset-diverged.ts';

export interface DivergedWorkflowsDeps {
  /** Resets a workflow to before an event; returns the event that it was reset to, or null where there is nothing to reset. */
  reset: (workflowId: string, eventId: number) => Promise<number | null>;
  /** A workflow was reset. */
  resetCounted: (workflowId: string) => void;
  log: Log;
  nowMs?: () => number;
}

/** A workflow that cannot be replayed, and what the SDK says of it. */
export interface DivergedWorkflow {
  workflowId: string;
  detail: string;
}

const HOUR_MS = 3_600_000;
/** With more in an hour it is the version of vigil that does not fit, and a person has to decide. */
const RESETS_AN_HOUR = 100;

/**
 * Resets workflows whose history cannot be replayed to the last point at which it can. Such histories come from Temporal's SDK: where a
 * query meets a workflow that no worker has cached, and events arrive before its answer, the SDK applies them in two steps, and every
 * later replay in one. Each workflow is reset once an hour at most: a second failure is one of vigil's own.
 */
export class DivergedWorkflows {
  /** When each was reset, by workflow id. */
  private readonly resets = new Map<string, number>();
  private readonly deps: DivergedWorkflowsDeps;
  private readonly nowMs: () => number;

  constructor(deps: DivergedWorkflowsDeps) {
    this.deps = deps;
    this.nowMs = deps.nowMs ?? Date.now;
  }

  /** Returns the ids of those that it has reset. */
  async repair(diverged: readonly DivergedWorkflow[]): Promise<string[]> {
    const repaired: string[] = [];
    const sinceMs = this.nowMs() - HOUR_MS;
    for (const [workflowId, atMs] of this.resets) if (atMs < sinceMs) this.resets.delete(workflowId);
    for (const { workflowId, detail } of diverged) {
      const eventId = divergedEvent(detail);
      if (eventId === null || this.resets.has(workflowId) || this.resets.size >= RESETS_AN_HOUR) continue;
      if (await this.reset(workflowId, eventId, detail)) repaired.push(workflowId);
    }
    return repaired;
  }

  private async reset(workflowId: string, eventId: number, detail: string): Promise<boolean> {
    const { reset, resetCounted: counted, log } = this.deps;
    const fields = { ...ownerOfWorkflow(workflowId), workflowId, eventId, detail };
    try {
      const resetTo = await reset(workflowId, eventId);
      if (resetTo === null) return false;
      this.resets.set(workflowId, this.nowMs());
      counted(workflowId);
      log.warn(
        { ...fields, resetTo },
        'the history of a workflow cannot be replayed; vigil has reset it to the last point at which it can',
      );
      return true;
    } catch (error) {
      log.warn({ ...fields, err: error }, 'a workflow that cannot be replayed could not be reset; vigil tries again');
      return false;
    }
  }
}
