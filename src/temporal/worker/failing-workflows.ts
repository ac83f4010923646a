import type { Log } from '../../observability/log.ts';
import type { TaskState } from '../client/task-state.ts';
import { DEGRADED, degraded, type DegradedCode, type DegradedReason } from '../../core/health/degraded.ts';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import type { TaskFailure, TaskFailureCause } from './task-failure.ts';

type Fault = Exclude<TaskFailureCause, 'transient'>;

export interface FailingWorkflowsDeps {
  /** The state of a workflow's task. Rejects if Temporal does not answer. */
  taskState: (workflowId: string) => Promise<TaskState>;
  log: Log;
  /** Called with the number of further failed tasks of a workflow. */
  counted: (cause: TaskFailureCause, workflowId: string | null, tasks: number) => void;
  nowMs?: () => number;
}

interface Failing {
  cause: Fault;
  detail: string;
  sinceMs: number;
  lastMs: number;
  /** Known failed tasks. */
  tasks: number;
  checkedMs: number;
  loggedMs: number;
}

const CODES = {
  nondeterminism: 'WORKFLOW_NONDETERMINISM',
  size: 'WORKFLOW_TOO_LARGE',
  encryption: 'WORKFLOW_UNREADABLE',
  bug: 'WORKFLOW_BUG',
} as const satisfies Record<Fault, DegradedCode>;
/** A workflow without a failed task for this time has recovered, or its state is unknown. */
const FORGET_AFTER_MS = 120_000;
const CHECKS_AT_ONCE = 50;
const LINE_EVERY_MS = 60_000;
const LINES_PER_MINUTE = 20;
/** Maximum number of tracked workflows: after a bad upgrade all can fail. */
const MAX_TRACKED = 1_000;

/**
 * Tracks workflows whose tasks keep failing. The SDK logs only the first attempts, and Temporal waits up to 10 minutes
 * before later ones, so this polls Temporal for the state of the workflows that have failed.
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

  record({ cause, workflowId, detail }: TaskFailure): void {
    this.deps.counted(cause, workflowId, 1);
    if (cause === 'transient' || workflowId === null) return;
    this.forget();
    const nowMs = this.nowMs();
    const known = this.failing.get(workflowId) ?? {
      sinceMs: nowMs,
      tasks: 0,
      checkedMs: -Infinity,
      loggedMs: -Infinity,
    };
    if (!this.failing.has(workflowId) && this.failing.size >= MAX_TRACKED) return;
    const failing = { ...known, cause, detail, lastMs: nowMs, tasks: known.tasks + 1 };
    this.failing.set(workflowId, failing);
    this.logFailure(workflowId, failing);
  }

  /** Checks which workflows still fail. Call it every few seconds. */
  async look(): Promise<void> {
    this.forget();
    const leastRecent = [...this.failing].sort(([, a], [, b]) => a.checkedMs - b.checkedMs).slice(0, CHECKS_AT_ONCE);
    await Promise.all(leastRecent.map(([workflowId, failing]) => this.check(workflowId, failing)));
  }

  /** The reasons for which the worker is degraded in /healthz. */
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

  /** The workflows whose history cannot be replayed. */
  diverged(): { workflowId: string; detail: string }[] {
    return [...this.failing]
      .filter(([, failing]) => failing.cause === 'nondeterminism' && isSure(failing))
      .map(([workflowId, { detail }]) => ({ workflowId, detail }));
  }

  /** Forgets a workflow that has recovered. */
  mended(workflowId: string): void {
    this.failing.delete(workflowId);
  }

  private async check(workflowId: string, failing: Failing): Promise<void> {
    const checkedMs = this.nowMs();
    let state: TaskState;
    try {
      state = await this.deps.taskState(workflowId);
    } catch {
      // The health part `temporal` reports that Temporal is unreachable.
      return;
    }
    // It has failed again in the meantime, which is newer than the answer.
    if (this.failing.get(workflowId) !== failing) return;
    if (state === 'idle') return void this.failing.delete(workflowId);
    failing.checkedMs = checkedMs;
    if (state === 'closed' || state.attempt === 1) return;
    const failed = state.attempt - 1;
    if (failed > failing.tasks) this.deps.counted(failing.cause, workflowId, failed - failing.tasks);
    failing.tasks = Math.max(failing.tasks, failed);
    failing.lastMs = checkedMs;
    this.logFailure(workflowId, failing);
  }

  private logFailure(workflowId: string, failing: Failing): void {
    const nowMs = this.nowMs();
    while ((this.lines[0] ?? Infinity) <= nowMs - LINE_EVERY_MS) this.lines.shift();
    if (!isSure(failing) || nowMs - failing.loggedMs < LINE_EVERY_MS || this.lines.length >= LINES_PER_MINUTE) return;
    failing.loggedMs = nowMs;
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

/** A single failure can succeed on the next attempt; a size failure cannot. */
const isSure = ({ cause, tasks }: Failing): boolean => cause === 'size' || tasks > 1;

const whatOf = (workflowId: string, { cause, detail }: Failing): string =>
  `Tasks of workflow ${workflowId} fail (${cause}); its events and alerts wait: ${detail}.`;
