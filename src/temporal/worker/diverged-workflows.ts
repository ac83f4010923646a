import type { Log } from '../../observability/log.ts';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import { divergedEvent } from '../client/reset-diverged.ts';

export interface DivergedWorkflowsDeps {
  /**
   * Resets a workflow to before an event; returns the event id of the reset point, or null if there is nothing to
   * reset.
   */
  reset: (workflowId: string, eventId: number) => Promise<number | null>;
  /** Called after each reset. */
  resetCounted: (workflowId: string) => void;
  log: Log;
  nowMs?: () => number;
}

/** A workflow that cannot be replayed, with the SDK's message. */
export interface DivergedWorkflow {
  workflowId: string;
  detail: string;
}

const HOUR_MS = 3_600_000;
/** More resets mean that the version of vigil is incompatible, which an operator must fix. */
const RESETS_PER_HOUR = 100;

/**
 * Resets workflows whose history cannot be replayed to the last point that can. Temporal's SDK causes such histories:
 * if a query meets a workflow that is not cached, and events arrive before the response, the SDK applies them in two
 * steps, but every later replay in one. Resets each workflow at most once an hour, because a second failure is a bug of
 * vigil.
 */
export class DivergedWorkflows {
  /** Time of the last reset by workflow id, epoch ms. */
  private readonly resets = new Map<string, number>();
  private readonly deps: DivergedWorkflowsDeps;
  private readonly nowMs: () => number;

  constructor(deps: DivergedWorkflowsDeps) {
    this.deps = deps;
    this.nowMs = deps.nowMs ?? Date.now;
  }

  /** Resets the workflows; returns the ids of those that were reset. */
  async repair(diverged: readonly DivergedWorkflow[]): Promise<string[]> {
    const repaired: string[] = [];
    const sinceMs = this.nowMs() - HOUR_MS;
    for (const [workflowId, atMs] of this.resets) if (atMs < sinceMs) this.resets.delete(workflowId);
    for (const { workflowId, detail } of diverged) {
      const eventId = divergedEvent(detail);
      if (eventId === null || this.resets.has(workflowId) || this.resets.size >= RESETS_PER_HOUR) continue;
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
        'the history of a workflow cannot be replayed; reset it to the last point that can',
      );
      return true;
    } catch (error) {
      log.warn({ ...fields, err: error }, 'reset of a workflow that cannot be replayed failed; will retry');
      return false;
    }
  }
}
