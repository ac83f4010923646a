import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Machine, MachineState } from '../../src/api/ports/machines.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';

const ONE_CYCLE_MS = 30_000;
const TICK_MS = 100;

type Published = { clientId: string; type: string; data: Record<string, unknown> };

let simulator: Simulator;
let published: Published[];
const warn = vi.fn<SimulatorOptions['logger']['warn']>();
const record: SimulatorOptions['publish'] = async (clientId, type, data) => {
  published.push({ clientId, type, data });
};

const begin = (options: Partial<SimulatorOptions> = {}): void => {
  simulator = createSimulator({ publish: record, logger: { warn }, ...options });
};
const machinesOf = (clientId: string): Machine[] =>
  simulator.machines.list().filter((machine) => machine.clientId === clientId);
const statesOf = (clientId: string): MachineState[] => machinesOf(clientId).map((machine) => machine.state);
const lastPublished = (clientId: string, machineId: string): unknown =>
  published.findLast((event) => event.clientId === clientId && event.data['machineId'] === machineId)?.data['state'];

/** Runs the simulation; returns the result of `look` after each tick. */
async function watch<T>(durationMs: number, look: () => T): Promise<T[]> {
  const seen: T[] = [];
  for (let passed = 0; passed < durationMs; passed += TICK_MS) {
    await vi.advanceTimersByTimeAsync(TICK_MS);
    seen.push(look());
  }
  return seen;
}

beforeEach(() => {
  vi.useFakeTimers();
  published = [];
  warn.mockClear();
});
afterEach(async () => {
  await simulator.stop();
  const seen = () => [published.length, warn.mock.calls.length, simulator.machines.list()];
  const atStop = seen();
  await vi.advanceTimersByTimeAsync(2 * ONE_CYCLE_MS);
  expect(seen(), 'after the stop').toEqual(atStop);
  vi.useRealTimers();
});

describe('at start-up', () => {
  test('two clients have five machines each, all stopped', () => {
    begin();
    expect(statesOf('client-01')).toEqual(Array(5).fill('stopped'));
    expect(statesOf('client-02')).toEqual(Array(5).fill('stopped'));
  });

  test('the current state of every machine is published', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(published).toHaveLength(10);
    expect(published[0]).toEqual({
      clientId: 'client-01',
      type: 'status',
      data: { machineId: 'machine-01', state: 'stopped' },
    });
  });
});

describe('the simulation', () => {
  test.each(['client-01', 'client-02'])('stops all machines of %s, and none, within one cycle', async (clientId) => {
    begin();
    const stopped = await watch(ONE_CYCLE_MS, () => statesOf(clientId).filter((state) => state === 'stopped').length);
    expect(Math.min(...stopped)).toBe(0);
    expect(stopped.lastIndexOf(5)).toBeGreaterThan(stopped.indexOf(0));
  });

  test('continues with the next shift', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(ONE_CYCLE_MS);
    const running = await watch(
      ONE_CYCLE_MS,
      () => statesOf('client-01').filter((state) => state === 'running').length,
    );
    expect(Math.max(...running)).toBe(5);
  });

  test('publishes every change of a machine, in order', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(3 * ONE_CYCLE_MS);
    const states = published
      .filter((event) => event.clientId === 'client-02' && event.data['machineId'] === 'machine-03')
      .map((event) => event.data['state']);
    const changes = states.filter((state, index) => state !== states[index - 1]);
    const cycle = ['stopped', 'starting', 'running'];
    expect(changes).toEqual(changes.map((_, index) => cycle[index % cycle.length]));
    expect(changes.length).toBeGreaterThan(6);
  });

  test('publishes the state of every machine each 10 seconds, also of one that is held', async () => {
    begin();
    simulator.machines.stop('client-01');
    await vi.advanceTimersByTimeAsync(0);
    published = [];
    await vi.advanceTimersByTimeAsync(60_000);
    const held = published.filter(({ clientId }) => clientId === 'client-01').map(({ data }) => data);
    expect(held).toEqual(
      Array(6)
        .fill(SIMULATED_ORDER)
        .flat()
        .map((machineId: string) => ({ machineId, state: 'stopped' })),
    );
  });

  test('depends only on the seed', async () => {
    const story = async (seed: number): Promise<Published[]> => {
      published = [];
      begin({ seed });
      await vi.advanceTimersByTimeAsync(ONE_CYCLE_MS);
      await simulator.stop();
      return published;
    };
    const first = await story(7);
    expect(await story(7)).toEqual(first);
    expect(await story(8)).not.toEqual(first);
  });
});

describe('a manually controlled machine', () => {
  test('starts in two seconds', async () => {
    begin();
    simulator.machines.start('client-01', 'machine-02');
    expect(statesOf('client-01')[1]).toBe('starting');
    await vi.advanceTimersByTimeAsync(1_999);
    expect(statesOf('client-01')[1]).toBe('starting');
    await vi.advanceTimersByTimeAsync(1);
    expect(statesOf('client-01')[1]).toBe('running');
    expect(lastPublished('client-01', 'machine-02')).toBe('running');
  });

  test('stops immediately, also while it starts', async () => {
    begin();
    simulator.machines.start('client-01', 'machine-02');
    simulator.machines.stop('client-01', 'machine-02');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(statesOf('client-01')[1]).toBe('stopped');
    expect(lastPublished('client-01', 'machine-02')).toBe('stopped');
  });

  test('is held: the simulation does not change it', async () => {
    begin();
    simulator.machines.start('client-01', 'machine-02');
    await vi.advanceTimersByTimeAsync(2_000);
    const seen = await watch(3 * ONE_CYCLE_MS, () => statesOf('client-01'));
    expect(new Set(seen.map((states) => states[1]))).toEqual(new Set(['running']));
    expect(new Set(seen.map((states) => states[0]))).toEqual(new Set(['stopped', 'starting', 'running']));
    expect(machinesOf('client-01').map((machine) => machine.held)).toEqual([false, true, false, false, false]);
  });

  test('publishes nothing if it is already in that state', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(0);
    simulator.machines.stop('client-01');
    await vi.advanceTimersByTimeAsync(0);
    expect(published).toHaveLength(10);
  });

  test('returns to its current state in the simulation after release', async () => {
    begin();
    simulator.machines.stop('client-01');
    await watch(ONE_CYCLE_MS / 2, () => undefined);
    expect(statesOf('client-01')).toEqual(Array(5).fill('stopped'));
    expect(statesOf('client-02')).toEqual(Array(5).fill('running'));
    simulator.machines.release('client-01');
    expect(machinesOf('client-01').some((machine) => machine.held)).toBe(false);
    expect(statesOf('client-01')).toContain('starting');
    const stopped = await watch(
      2 * ONE_CYCLE_MS,
      () => statesOf('client-01').filter((state) => state === 'stopped').length,
    );
    expect(stopped).toContain(0);
    expect(stopped).toContain(5);
  });

  test('start and stop for a client change only its machines', () => {
    begin();
    simulator.machines.start('client-02');
    expect(statesOf('client-02')).toEqual(Array(5).fill('starting'));
    expect(statesOf('client-01')).toEqual(Array(5).fill('stopped'));
  });

  test('must exist', () => {
    begin();
    expect(() => simulator.machines.start('client-01', 'machine-99')).toThrow(RangeError);
    expect(() => simulator.machines.stop('client-99')).toThrow(RangeError);
  });
});

describe('when publishing fails', () => {
  test('events are retried in order, and each failure is logged', async () => {
    let failures = 3;
    begin({
      publish: async (...event) => {
        if (failures-- > 0) throw new Error('no responders');
        await record(...event);
      },
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(warn).toHaveBeenCalledTimes(3);
    expect(published.map((event) => event.data['machineId'])).toEqual([...SIMULATED_ORDER, ...SIMULATED_ORDER]);
  });

  test('unsent events are logged at the end', async () => {
    begin({ publish: () => Promise.reject(new Error('no responders')) });
    await vi.advanceTimersByTimeAsync(0);
    await simulator.stop();
    expect(warn).toHaveBeenLastCalledWith(expect.anything(), 'simulator: stopped with 10 unsent events');
  });

  test('a very long failure drops the oldest events, with a log line', async () => {
    begin({ publish: () => Promise.reject(new Error('no responders')) });
    await vi.advanceTimersByTimeAsync(0);
    for (let press = 0; press < 600; press++) {
      simulator.machines.start('client-01', 'machine-01');
      simulator.machines.stop('client-01', 'machine-01');
    }
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({ waiting: 999 }),
      expect.stringContaining('dropped the oldest'),
    );
  });
});

const SIMULATED_ORDER = ['machine-01', 'machine-02', 'machine-03', 'machine-04', 'machine-05'];

test('a silent machine works, and sends its state when it is silent no more', async () => {
  begin();
  await vi.advanceTimersByTimeAsync(TICK_MS);
  const sent = (): number => published.filter(({ clientId }) => clientId === 'client-01').length;
  const before = sent();
  simulator.machines.silence('client-01', 'machine-01');
  simulator.machines.start('client-01', 'machine-01');
  expect([sent(), machinesOf('client-01')[0]]).toEqual([
    before,
    expect.objectContaining({ state: 'starting', silent: true }),
  ]);
  simulator.machines.silence('client-01');
  await vi.advanceTimersByTimeAsync(2 * ONE_CYCLE_MS);
  expect(sent()).toBe(before);
  simulator.machines.unsilence('client-01', 'machine-01');
  await vi.advanceTimersByTimeAsync(0);
  expect([sent(), lastPublished('client-01', 'machine-01')]).toEqual([before + 1, 'running']);
});
