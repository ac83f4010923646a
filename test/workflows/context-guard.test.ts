import vm from 'node:vm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { guardContext, INTERRUPTED, type ContextCalls } from '../../workflows/sandbox/context-guard.ts';

const RUN = 'run-1';
/** Long enough for a busy machine to reach the call that never returns. */
const INTERRUPTED_AFTER_MS = 300;
const activation = { runId: RUN, jobs: [] };
const completion = { runId: RUN, successful: {} };
const giveUp = vi.fn<(error: Error) => void>();

const fake = () => ({
  initRuntime: vi.fn<ContextCalls['initRuntime']>(),
  initialize: vi.fn<ContextCalls['initialize']>(),
  activate: vi.fn<ContextCalls['activate']>(),
  tryUnblockConditions: vi.fn<ContextCalls['tryUnblockConditions']>(() => 0),
  concludeActivation: vi.fn<ContextCalls['concludeActivation']>(() => completion),
  dispose: vi.fn<ContextCalls['dispose']>(),
});

let calls: ReturnType<typeof fake>;
let guarded: ContextCalls;
beforeEach(() => {
  giveUp.mockClear();
  calls = fake();
  guarded = guardContext(calls, { currentRunId: () => RUN, giveUp });
});

/** The calls as the SDK makes them. */
const CALLS: Record<keyof ContextCalls, () => unknown> = {
  initRuntime: () => guarded.initRuntime({} as Parameters<ContextCalls['initRuntime']>[0]),
  initialize: () => guarded.initialize({}),
  activate: () => guarded.activate(activation),
  tryUnblockConditions: () => guarded.tryUnblockConditions(),
  concludeActivation: () => guarded.concludeActivation(),
  dispose: () => guarded.dispose(),
};
const NAMES = Object.keys(CALLS) as (keyof ContextCalls)[];

function activate(): ReturnType<ContextCalls['concludeActivation']> {
  guarded.activate(activation);
  guarded.tryUnblockConditions();
  return guarded.concludeActivation();
}

/** As in the SDK: no `catch` and no `finally` runs. */
function interrupt(call: () => unknown): void {
  expect(() => vm.runInNewContext('call()', { call }, { timeout: INTERRUPTED_AFTER_MS }) as unknown).toThrow(
    'Script execution timed out',
  );
}

const forEver = (): never => {
  for (;;);
};

describe('a context', () => {
  it('passes everything through while nothing fails', () => {
    CALLS.initRuntime();
    CALLS.initialize();
    expect([activate(), activate()]).toEqual([completion, completion]);
    CALLS.dispose();
    expect(giveUp).not.toHaveBeenCalled();
  });

  it('accepts the jobs of one activation in two batches, as for old histories', () => {
    guarded.activate(activation, 0);
    guarded.tryUnblockConditions();
    guarded.activate(activation, 1);
    expect(guarded.concludeActivation()).toBe(completion);
    expect(calls.activate).toHaveBeenCalledTimes(2);
  });

  it.each(NAMES)('blocks everything once %s was interrupted', (name) => {
    if (name === 'tryUnblockConditions' || name === 'concludeActivation') guarded.activate(activation);
    calls[name].mockImplementation(forEver);
    interrupt(CALLS[name]);
    calls = Object.assign(calls, fake());
    expect(CALLS.activate).toThrow(INTERRUPTED);
    for (const later of NAMES) expect(CALLS[later], later).toThrow(INTERRUPTED);
    expect(giveUp).toHaveBeenCalledTimes(1);
  });

  it('blocks everything if microtasks were interrupted, so that an activation was never concluded', () => {
    guarded.activate(activation);
    expect(CALLS.dispose).toThrow(INTERRUPTED);
    expect(CALLS.activate).toThrow(INTERRUPTED);
    expect(calls.dispose).not.toHaveBeenCalled();
  });

  it('blocks everything if the globals belong to another workflow', () => {
    expect(() => guarded.activate({ ...activation, runId: 'run-2' })).toThrow(INTERRUPTED);
    expect(calls.activate).not.toHaveBeenCalled();
    expect(CALLS.concludeActivation).toThrow(INTERRUPTED);
  });

  it.each(['activate', 'tryUnblockConditions'] as const)(
    'throws the error of %s where the activation concludes, once its microtasks have run',
    (name) => {
      const bug = new Error('a bug in a workflow');
      calls[name].mockImplementation(() => {
        throw bug;
      });
      guarded.activate(activation);
      expect(guarded.tryUnblockConditions()).toBe(0);
      expect(CALLS.concludeActivation).toThrow(bug);
      expect(calls.concludeActivation).not.toHaveBeenCalled();
      expect(giveUp).not.toHaveBeenCalled();

      Object.assign(calls, fake());
      guarded = guardContext(calls, { currentRunId: () => RUN, giveUp });
      expect(activate()).toBe(completion);
    },
  );
});
