import type { Log } from '../../observability/log.ts';
import type { TaskState } from '../client/task-state.ts';
import { DEGRADED, degraded, type DegradedCode, type DegradedReason } from '../../core/health/degraded.ts';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import type { TaskFailure, TaskFailureCause } from './task-failure.ts';

type Fault = Exclude<TaskFailureCause, 'transient'>;

export interface FailingWorkflowsDeps {
  /** How the pending task of a workflow stands. Rejects when Temporal does not answer. */
  taskState: (workflowId: string) => Promise<TaskState>;
  log: Log;
  /** So many more tasks of a workflow have failed. */
  counted: (cause: TaskFailureCause, workflowId: string | null, tasks: number) => void;
  nowMs?: () => number;
}

interface Failing {
  cause: Fault;
  detail: string;
  sinceMs: number;
  lastMs: number;
  /** Tasks that are known to have failed. */
  tasks: number;
  lookedMs: number;
  saidMs: number;
}

const CODES = {
  nondeterminism: 'WORKFLOW_NONDETERMINISM',
  size: 'WORKFLOW_TOO_LARGE',
  bug: 'WORKFLOW_BUG',
} as const satisfies Record<Fault, DegradedCode>;
/** A workflow whose task did not fail for so long has mended, or nobody could find out. */
const FORGET_AFTER_MS = 120_000;
const LOOKS_AT_ONCE = 50;
const LINE_EVERY_MS = 60_000;
const LINES_A_MINUTE = 20;
/** After a bad upgrade all workflows may fail: these are told apart. */
const KEPT = 1_000;

/**
 * The workflows whose tasks fail again and again. The SDK tells of the first attempts only, and Temporal waits up to 10 minutes before
 * later ones: so those that have failed, and no others, are looked up in Temporal now and then.
 */
export class FailingWorkflows {
  private readonly failing = new Map<string, Failing>();
  private readonly lines: number[] = [];
  private readonly deps: FailingWorkflowsDeps;
  private readonly nowMs: () => number;

  constructor(deps: FailingWorkflowsDeps) {
    this.deps = deps;
    this.nowMs = deps.nowMs ?? Date.now;
  }

  note({ cause, workflowId, detail }: TaskFailure): void {
    this.deps.counted(cause, workflowId, 1);
    if (cause === 'transient' || workflowId === null) return;
    this.forget();
    const nowMs = this.nowMs();
    const known = this.failing.get(workflowId) ?? { sinceMs: nowMs, tasks: 0, lookedMs: -Infinity, saidMs: -Infinity };
    if (!this.failing.has(workflowId) && this.failing.size >= KEPT) return;
    const failing = { ...known, cause, detail, lastMs: nowMs, tasks: known.tasks + 1 };
    this.failing.set(workflowId, failing);
    this.say(workflowId, failing);
  }

  /** Sees which of them still fail. To be called every few seconds. */
  async look(): Promise<void> {
    this.forget();
    const longestAgo = [...this.failing].sort(([, a], [, b]) => a.lookedMs - b.lookedMs).slice(0, LOOKS_AT_ONCE);
    await Promise.all(longestAgo.map(([workflowId, failing]) => this.lookAt(workflowId, failing)));
  }

  /** Why /healthz says that the worker is degraded. */
  reasons(): DegradedReason[] {
    this.forget();
    return [...this.failing]
      .filter(([, failing]) => isSure(failing))
      .map(([workflowId, failing]) => {
        const { cause, sinceMs, tasks, detail } = failing;
        return degraded(CODES[cause], whatOf(workflowId, failing), sinceMs, {
          ...ownerOfWorkflow(workflowId),
          workflowId,
          cause,
          tasks,
          detail,
        });
      });
  }

  /** Those whose history cannot be replayed. */
  diverged(): { workflowId: string; detail: string }[] {
    return [...this.failing]
      .filter(([, failing]) => failing.cause === 'nondeterminism' && isSure(failing))
      .map(([workflowId, { detail }]) => ({ workflowId, detail }));
  }

  /** It goes on. */
  mended(workflowId: string): void {
    this.failing.delete(workflowId);
  }

  private async lookAt(workflowId: string, failing: Failing): Promise<void> {
    const lookedMs = this.nowMs();
    let state: TaskState;
    try {
      state = await this.deps.taskState(workflowId);
    } catch {
      // That Temporal is away says its own part.
      return;
    }
    // It has failed again meanwhile: that is newer than the answer.
    if (this.failing.get(workflowId) !== failing) return;
    if (state === 'idle') return void this.failing.delete(workflowId);
    failing.lookedMs = lookedMs;
    if (state === 'closed' || state.attempt === 1) return;
    const failed = state.attempt - 1;
    if (failed > failing.tasks) this.deps.counted(failing.cause, workflowId, failed - failing.tasks);
    failing.tasks = Math.max(failing.tasks, failed);
    failing.lastMs = lookedMs;
    this.say(workflowId, failing);
  }

  private say(workflowId: string, failing: Failing): void {
    const nowMs = this.nowMs();
    while ((this.lines[0] ?? Infinity) <= nowMs - LINE_EVERY_MS) this.lines.shift();
    if (!isSure(failing) || nowMs - failing.saidMs < LINE_EVERY_MS || this.lines.length >= LINES_A_MINUTE) return;
    failing.saidMs = nowMs;
    this.lines.push(nowMs);
    const { cause, tasks, detail } = failing;
    const { log } = this.deps;
    log.error(
      { ...ownerOfWorkflow(workflowId), workflowId, cause, tasks, detail, failing: this.failing.size },
      `${whatOf(workflowId, failing)} ${DEGRADED[CODES[cause]]}`,
    );
  }

  private forget(): void {
    const untilMs = this.nowMs() - FORGET_AFTER_MS;
    for (const [workflowId, { lastMs }] of this.failing) if (lastMs < untilMs) this.failing.delete(workflowId);
  }
}

/** One that failed once may be well again with the next attempt; what is too large stays so. */
const isSure = ({ cause, tasks }: Failing): boolean => cause === 'size' || tasks > 1;

const whatOf = (workflowId: string, { cause, detail }: Failing): string =>
  `Tasks of the workflow ${workflowId} fail (${cause}), and its events and alerts wait: ${detail}.`;
