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
/**
 * How long after its last reset a workflow may be reset, by the number of its resets; with more, not at all. The SDK may
 * spoil a history twice on a busy machine; a bug of vigil spoils it each time.
 */
const WAITS_MS = [0, 10_000, 60_000, 600_000];
/** After a failed reset, a workflow waits for this time. */
const RETRY_AFTER_MS = 60_000;
/** More resets mean that the version of vigil is incompatible, which an operator must fix. */
const RESETS_PER_HOUR = 100;

/**
 * Resets workflows whose history cannot be replayed to the last point that can. Temporal's SDK causes such histories:
 * if a query meets a workflow that is not cached, and events arrive before the response, the SDK applies them in two
 * steps, but every later replay in one. Resets a workflow less and less often, and at most four times an hour, because a
 * failure that comes back is a bug of vigil.
 */
export class DivergedWorkflows {
  /** The resets of the last hour by workflow id, epoch ms, oldest first. */
  private readonly resets = new Map<string, number[]>();
  /** Time of the last failed reset by workflow id, epoch ms. */
  private readonly failures = new Map<string, number>();
  private readonly deps: DivergedWorkflowsDeps;
  private readonly nowMs: () => number;

  constructor(deps: DivergedWorkflowsDeps) {
    this.deps = deps;
    this.nowMs = deps.nowMs ?? Date.now;
  }

  /** Resets the workflows; returns the ids of those that were reset. */
  async repair(diverged: readonly DivergedWorkflow[]): Promise<string[]> {
    const repaired: string[] = [];
    const errors = new Map<string, unknown>();
    this.forget();
    for (const { workflowId, detail } of diverged) {
      const eventId = divergedEvent(detail);
      if (eventId === null || this.isTooSoon(workflowId)) continue;
      try {
        if (await this.reset(workflowId, eventId, detail)) repaired.push(workflowId);
      } catch (error) {
        this.failures.set(workflowId, this.nowMs());
        errors.set(workflowId, error);
      }
    }
    this.report(errors);
    return repaired;
  }

  private isTooSoon(workflowId: string): boolean {
    const total = [...this.resets.values()].reduce((sum, times) => sum + times.length, 0);
    return total >= RESETS_PER_HOUR || this.failures.has(workflowId) || this.mayResetAgainAt(workflowId) > this.nowMs();
  }

  /** Epoch ms; Infinity: not before the first of its resets is forgotten. */
  private mayResetAgainAt(workflowId: string): number {
    const times = this.resets.get(workflowId) ?? [];
    return (times.at(-1) ?? -Infinity) + (WAITS_MS[times.length] ?? Infinity);
  }

  private forget(): void {
    const nowMs = this.nowMs();
    for (const [workflowId, times] of this.resets) {
      const recent = times.filter((atMs) => nowMs - atMs <= HOUR_MS);
      if (recent.length > 0) this.resets.set(workflowId, recent);
      else this.resets.delete(workflowId);
    }
    for (const [workflowId, atMs] of this.failures)
      if (nowMs - atMs >= RETRY_AFTER_MS) this.failures.delete(workflowId);
  }

  private async reset(workflowId: string, eventId: number, detail: string): Promise<boolean> {
    const resetTo = await this.deps.reset(workflowId, eventId);
    if (resetTo === null) return false;
    this.resets.set(workflowId, [...(this.resets.get(workflowId) ?? []), this.nowMs()]);
    this.deps.resetCounted(workflowId);
    this.deps.log.warn(
      { ...ownerOfWorkflow(workflowId), workflowId, eventId, detail, resetTo },
      'the history of a workflow cannot be replayed; reset it to the last point that can',
    );
    return true;
  }

  /** One line for all: if Temporal refuses one reset, it probably refuses the others too. */
  private report(errors: ReadonlyMap<string, unknown>): void {
    const [first] = errors;
    if (first === undefined) return;
    const [workflowId, err] = first;
    this.deps.log.warn(
      { ...ownerOfWorkflow(workflowId), workflowId, err, workflows: errors.size },
      'resets of workflows that cannot be replayed failed; will retry',
    );
  }
}
