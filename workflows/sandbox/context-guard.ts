import type * as api from '@temporalio/workflow/lib/worker-interface.js';

/** The calls of the worker into the context that all its workflows share, in the order of a workflow's life. */
export type ContextCalls = Pick<
  typeof api,
  'initRuntime' | 'initialize' | 'activate' | 'tryUnblockConditions' | 'concludeActivation' | 'dispose'
>;

/** Prefix of the error message for an abandoned context. */
export const INTERRUPTED = 'vigil: an activation was interrupted';

export interface GuardDeps {
  /** The run whose globals are active, if any. */
  currentRunId: () => string | undefined;
  /** Ends the thread. */
  giveUp: (error: Error) => void;
}

/**
 * Prevents the rest of one workflow's activation from running as part of another workflow's. Node runs the microtasks
 * of the context only after a call returns, so they are left for the next call in two cases:
 *
 * - The SDK's time-out interrupted a call. No `finally` runs then, which is how the guard detects it. The context is
 *   abandoned: every later call throws, so that no command leaves it.
 * - A call threw. The error is held until the microtasks have run, and thrown where the activation concludes.
 */
export function guardContext(calls: ContextCalls, { currentRunId, giveUp }: GuardDeps): ContextCalls {
  let isRunning = false;
  let failure: { error: unknown } | undefined;
  let verdict: Error | undefined;

  const refuse = (error: Error): never => {
    verdict = error;
    giveUp(error);
    throw error;
  };
  const begin = (): void => {
    if (verdict !== undefined) throw verdict;
    if (isRunning) refuse(new Error(`${INTERRUPTED}; its remaining microtasks do not run`));
    isRunning = true;
  };
  /** Wraps a call that is an activation by itself. */
  const whole =
    <A extends unknown[]>(call: (...args: A) => void) =>
    (...args: A): void => {
      begin();
      try {
        call(...args);
      } finally {
        isRunning = false;
      }
    };
  /** Wraps a call inside an activation. */
  const part = <T>(call: () => T, ifFailed: T): T => {
    if (verdict !== undefined) throw verdict;
    if (failure !== undefined) return ifFailed;
    try {
      return call();
    } catch (error) {
      failure = { error };
      return ifFailed;
    }
  };

  return {
    initRuntime: whole(calls.initRuntime),
    initialize: whole(calls.initialize),
    activate(activation, batchIndex = 0) {
      if (batchIndex === 0) begin();
      // The SDK swaps the globals of workflows before each call, and may be interrupted there too.
      if (activation.runId !== currentRunId())
        refuse(new Error(`${INTERRUPTED}; the globals belong to another workflow`));
      part(() => calls.activate(activation, batchIndex), undefined);
    },
    tryUnblockConditions: () => part(calls.tryUnblockConditions, 0),
    concludeActivation() {
      if (verdict !== undefined) throw verdict;
      const failed = failure;
      failure = undefined;
      try {
        if (failed !== undefined) throw failed.error;
        return calls.concludeActivation();
      } finally {
        isRunning = false;
      }
    },
    dispose: whole(calls.dispose),
  };
}
