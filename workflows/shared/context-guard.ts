import type * as api from '@temporalio/workflow/lib/worker-interface.js';

/** The calls that the worker makes into the context that all its workflows share, in the order of a workflow's life. */
export type ContextCalls = Pick<
  typeof api,
  'initRuntime' | 'initialize' | 'activate' | 'tryUnblockConditions' | 'concludeActivation' | 'dispose'
>;

/** Begins the message of the error for a context that was given up. */
export const INTERRUPTED = 'vigil: an activation was interrupted';

export interface GuardDeps {
  /** The run whose globals are in place, as far as there is one. */
  currentRunId: () => string | undefined;
  /** Ends the thread. */
  giveUp: (error: Error) => void;
}

/**
 * Keeps what is left of one workflow's activation from running as part of another workflow's. Node runs the context's microtasks
 * only after a call that has returned. So they are left over, for the next call to run, in two cases:
 *
 * - A call was interrupted by the SDK's time-out. No `finally` runs then, which is how it shows. The context is given up: every later
 *   call throws, so that no command leaves it.
 * - A call threw. The error waits until the microtasks have run, and is thrown where the activation concludes.
 */
export function guardContext(calls: ContextCalls, { currentRunId, giveUp }: GuardDeps): ContextCalls {
  let underWay = false;
  let failure: { error: unknown } | undefined;
  let verdict: Error | undefined;

  const refuse = (error: Error): never => {
    verdict = error;
    giveUp(error);
    throw error;
  };
  const begin = (): void => {
    if (verdict !== undefined) throw verdict;
    if (underWay) refuse(new Error(`${INTERRUPTED}; what was left of it does not run`));
    underWay = true;
  };
  /** A call that stands alone. */
  const whole =
    <A extends unknown[]>(call: (...args: A) => void) =>
    (...args: A): void => {
      begin();
      try {
        call(...args);
      } finally {
        underWay = false;
      }
    };
  /** A call in the midst of an activation. */
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
      // The SDK changes globals from one workflow's to another's before each call, and may be interrupted there, too.
      if (activation.runId !== currentRunId())
        refuse(new Error(`${INTERRUPTED}; the globals are those of another workflow`));
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
        underWay = false;
      }
    },
    dispose: whole(calls.dispose),
  };
}
