import { describe, expect, it } from 'vitest';
import type { TaskState } from '../../src/temporal/client/task-state.ts';
import { FailingWorkflows } from '../../src/temporal/worker/failing-workflows.ts';
import { taskFailureOf, type TaskFailureCause } from '../../src/temporal/worker/task-failure.ts';

const SET = 'client-01/rules/hot/x';

/** The watch with a fake clock and a fake Temporal. */
function setUp() {
  const now = { ms: 0 };
  const states = new Map<string, TaskState>();
  const lines: { fields: Record<string, unknown>; text: string }[] = [];
  const counted: [TaskFailureCause, number][] = [];
  const asked: string[] = [];
  const ignore = (): void => undefined;
  const failing = new FailingWorkflows({
    nowMs: () => now.ms,
    taskState(workflowId) {
      asked.push(workflowId);
      const state = states.get(workflowId);
      return state === undefined ? Promise.reject(new Error('Temporal is away')) : Promise.resolve(state);
    },
    log: { info: ignore, warn: ignore, error: (fields, text) => void lines.push({ fields, text }) },
    counted: (cause, _workflowId, tasks) => void counted.push([cause, tasks]),
  });
  const fail = (cause: TaskFailureCause = 'bug', workflowId = SET): void =>
    failing.record({ cause, workflowId, taskQueue: 'q', detail: 'x is undefined' });
  return { now, states, lines, counted, asked, failing, fail };
}

describe('a workflow whose task has failed', () => {
  it('is looked up in Temporal, alone, and not reported before a second failure', async () => {
    const { failing, fail, states, asked, lines } = setUp();
    await failing.look();
    expect(asked).toEqual([]);
    fail();
    states.set(SET, { attempt: 1 });
    await failing.look();
    expect(asked).toEqual([SET]);
    expect([lines, failing.reasons()]).toEqual([[], []]);
  });

  it('is reported after a second failure, with its owner and advice', async () => {
    const { failing, fail, states, lines, counted } = setUp();
    fail();
    states.set(SET, { attempt: 4 });
    await failing.look();
    expect(lines).toMatchObject([
      {
        fields: {
          clientId: 'client-01',
          ruleId: 'hot',
          workflowId: SET,
          cause: 'bug',
          tasks: 3,
          detail: 'x is undefined',
          failing: 1,
        },
      },
    ]);
    expect(lines[0]?.text).toMatch(
      /^Tasks of workflow client-01\/rules\/hot\/x fail \(bug\).*x is undefined.*upgrade or return to the previous version\.$/,
    );
    expect(failing.reasons()).toMatchObject([
      { code: 'WORKFLOW_BUG', since: '1970-01-01T00:00:00.000Z', fields: { workflowId: SET, tasks: 3 } },
    ]);
    expect(counted).toEqual([
      ['bug', 1],
      ['bug', 2],
    ]);
  });

  it('is logged once a minute while Temporal retries its task, even every 10 minutes', async () => {
    const { failing, fail, states, lines, now } = setUp();
    fail();
    states.set(SET, { attempt: 9 });
    for (now.ms = 10_000; now.ms <= 600_000; now.ms += 10_000) await failing.look();
    expect(lines).toHaveLength(10);
    expect(failing.reasons()).toHaveLength(1);
  });

  it('recovers when it has no pending task', async () => {
    const { failing, fail, states } = setUp();
    fail();
    fail();
    expect(failing.reasons()).toHaveLength(1);
    states.set(SET, 'idle');
    await failing.look();
    expect(failing.reasons()).toEqual([]);
  });

  it.each<[string, TaskState | undefined]>([
    ['has ended', 'closed'],
    ['has a task at its first attempt', { attempt: 1 }],
    ['cannot be looked up', undefined],
  ])('recovers after two minutes without a failure if it %s', async (_how, state) => {
    const { failing, fail, states, now } = setUp();
    fail('size');
    if (state !== undefined) states.set(SET, state);
    await failing.look();
    now.ms = 120_000;
    expect(failing.reasons()).toMatchObject([{ code: 'WORKFLOW_TOO_LARGE' }]);
    now.ms = 120_001;
    expect(failing.reasons()).toEqual([]);
  });

  it('is only counted if the failure is transient', () => {
    const { failing, fail, lines, counted } = setUp();
    fail('transient');
    fail('transient');
    expect([lines, failing.reasons(), counted]).toEqual([
      [],
      [],
      [
        ['transient', 1],
        ['transient', 1],
      ],
    ]);
  });

  it('does not flood the log if a thousand others fail', () => {
    const { fail, failing, lines } = setUp();
    for (let n = 0; n < 3_000; n += 1) fail('size', `client-01/rules/r${n}/x`);
    expect(lines).toHaveLength(20);
    expect(failing.reasons()).toHaveLength(1_000);
  });
});

describe('what the SDK logs of a failed task', () => {
  const core = { target: 'temporalio_sdk_core::worker::workflow', workflowId: SET, taskQueue: 'q' };
  const failure = (message: string, cause = 'Unspecified'): Record<string, unknown> => ({
    ...core,
    failure: `Failure { failure: Some(Failure { message: "${message}", source: "TypeScriptSDK", stack_trace: "at x" }), force_cause: ${cause} }`,
  });
  const refusal = (status: string, message: string): Record<string, unknown> => ({
    ...core,
    error: `code: '${status}', message: "${message}"`,
  });
  const [FAILING, COMPLETING] = ['Failing workflow task', 'Error while completing workflow activation'];

  it.each<[TaskFailureCause, string, Record<string, unknown>]>([
    ['bug', FAILING, failure('x is undefined')],
    [
      'bug',
      FAILING,
      failure("Failed to initialize workflow of type 'x': no such function is exported by the workflow bundle"),
    ],
    ['bug', FAILING, failure('the message is too large for my taste')],
    [
      'nondeterminism',
      FAILING,
      failure('[TMPRL1100] Nondeterminism error: Timer machine does not handle this event', 'NonDeterministicError'),
    ],
    ['size', FAILING, failure('GRPC Message too large', 'GrpcMessageTooLarge')],
    [
      'size',
      FAILING,
      failure('[TMPRL1103] Attempted to upload payloads with size that exceeded the error limit.', 'PayloadsTooLarge'),
    ],
    [
      'size',
      COMPLETING,
      refusal(
        'Client specified an invalid argument',
        'BadContinueAsNewAttributes: ContinueAsNewWorkflowExecutionCommandAttributes. Input exceeds size limit.',
      ),
    ],
    [
      'bug',
      COMPLETING,
      refusal(
        'Client specified an invalid argument',
        'BadSearchAttributes: Namespace default has no mapping defined for search attribute RuleStatus',
      ),
    ],
    ['transient', COMPLETING, refusal('The service is currently unavailable', 'tcp connect error')],
    ['transient', 'Task not found when completing', { ...core, error: 'Workflow task not found.' }],
  ])('is of cause %s: %s %j', (cause, message, meta) => {
    expect(taskFailureOf({ message, meta })).toMatchObject({ cause, workflowId: SET, taskQueue: 'q' });
  });

  it('has a readable detail', () => {
    expect(taskFailureOf({ message: FAILING, meta: failure(String.raw`no \"x\" in y`) })?.detail).toBe('no "x" in y');
  });

  it.each([
    ['is of another part', FAILING, { ...core, target: 'temporalio_client::x' }],
    ['is about something else', 'Activity failed', core],
    [
      'was logged with the task',
      COMPLETING,
      refusal('Some resource has been exhausted', 'grpc: received message after decompression larger than max 4194304'),
    ],
  ])('is ignored if it %s', (_what, message, meta) => {
    expect(taskFailureOf({ message, meta })).toBeNull();
  });
});
