import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../src/api/api.ts';
import type { Machine } from '../../../src/api/ports/machines.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import { fakeVigil } from '../fakes/fake-ports.ts';

let simulator: Simulator;
let api: Hono;
beforeEach(() => {
  simulator = createSimulator({ publish: async () => undefined, logger: { warn: () => undefined } });
  api = createApi(fakeVigil({ machines: simulator.machines }).deps);
});
afterEach(() => simulator.stop());

async function press(path: string): Promise<Machine[]> {
  const answer = await api.request(`/api/clients/client-01/machines/${path}`, { method: 'POST' });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { machines: Machine[] }).machines;
}

test('GET /api/machines lists the machines of every client', async () => {
  const answer = (await (await api.request('/api/machines')).json()) as { simulator: boolean; machines: Machine[] };
  expect(answer.simulator).toBe(true);
  expect(answer.machines).toHaveLength(10);
  expect(answer.machines[0]).toEqual({
    clientId: 'client-01',
    machineId: 'machine-01',
    state: 'stopped',
    held: false,
    silent: false,
  });
});

test('one machine is started, stopped and released', async () => {
  expect(await press('machine-02/start')).toContainEqual({
    clientId: 'client-01',
    machineId: 'machine-02',
    state: 'starting',
    held: true,
    silent: false,
  });
  expect(await press('machine-02/stop')).toContainEqual({
    clientId: 'client-01',
    machineId: 'machine-02',
    state: 'stopped',
    held: true,
    silent: false,
  });
  expect((await press('release')).every((machine) => !machine.held)).toBe(true);
});

test('one machine is silent until it is not, or until all are released', async () => {
  const silent = (machines: Machine[]): string[] =>
    machines.filter((each) => each.silent).map((each) => each.machineId);
  expect(silent(await press('machine-02/silence'))).toEqual(['machine-02']);
  expect(silent(await press('machine-02/unsilence'))).toEqual([]);
  await press('machine-03/silence');
  expect(silent(await press('release'))).toEqual([]);
});

test('all machines of a client are started and stopped, and no others', async () => {
  expect((await press('start')).map((machine) => machine.state)).toEqual(Array(5).fill('starting'));
  expect((await press('stop')).map((machine) => machine.state)).toEqual(Array(5).fill('stopped'));
  expect(simulator.machines.list().filter((machine) => machine.held)).toHaveLength(5);
});

test.each(['client-01/machines/machine-99/start', 'client-99/machines/stop', 'client-99/machines/release'])(
  'POST %s returns 404',
  async (path) => {
    const answer = await api.request(`/api/clients/${path}`, { method: 'POST' });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'MACHINE_NOT_FOUND' });
  },
);

describe('without the simulator', () => {
  beforeEach(() => {
    api = createApi(fakeVigil().deps);
  });

  test('the list of machines is empty', async () => {
    expect(await (await api.request('/api/machines')).json()).toEqual({ simulator: false, machines: [] });
  });

  test.each(['machine-01/start', 'machine-01/stop', 'start', 'stop', 'release'])(
    'POST …/machines/%s returns 409',
    async (path) => {
      const answer = await api.request(`/api/clients/client-01/machines/${path}`, { method: 'POST' });
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: 'SIMULATOR_OFF' });
    },
  );
});
