import { describe, expect, it } from 'vitest';
import { readRuleFolder } from '../../../src/rules/rule-files.ts';
import { SIMULATED_MACHINES } from '../../../src/simulator/simulator.ts';
import { alertsOf, driver } from '../../support/evaluation/driver.ts';

describe('client-01: all machines stopped', () => {
  const rule = {
    id: 'all-machines-stopped',
    clientId: 'client-01',
    where: [
      { property: 'type', equals: 'status' },
      { property: 'machineId', equals: '*' },
    ],
    partitionBy: ['machineId'],
    evaluate: { type: 'all', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    message: 'All {{total}} machines of {{clientId}} are stopped',
  };

  it('fires when the last machine stops, and resolves when the first one starts again', () => {
    const set = driver(rule);
    set.send(0, { machineId: 'm1', state: 'running' });
    set.send(1, { machineId: 'm2', state: 'running' });
    set.send(2, { machineId: 'm1', state: 'stopped' });
    expect(set.alerts()).toEqual([]);
    set.send(3, { machineId: 'm2', state: 'stopped' });
    set.send(4, { machineId: 'm1', state: 'starting' });
    expect(alertsOf(set)).toEqual([
      { at: 3, status: 'firing', reason: 'condition', episode: 1 },
      { at: 4, status: 'resolved', reason: 'cleared', episode: 1 },
    ]);
  });

  it('of the demo: the first alert comes once every simulated machine has reported, and counts all of them', async () => {
    const seed = (await readRuleFolder('examples/seed')).find(({ id }) => id === 'all-machines-stopped');
    const set = driver({ ...seed });
    for (const [place, machineId] of SIMULATED_MACHINES.entries()) set.send(place, { machineId, state: 'stopped' });
    expect(set.alerts().map(({ data }) => data.message)).toEqual(['All 5 machines of client-01 are stopped']);
    expect(alertsOf(set)).toMatchObject([{ at: SIMULATED_MACHINES.length - 1, status: 'firing' }]);
  });
});

describe.each(['client-01', 'client-02'])('%s: a machine is silent', (clientId) => {
  it('fires 20 seconds after its last event, says which one it is, and resolves with its next event', async () => {
    const rules = await readRuleFolder('examples/seed');
    const set = driver({ ...rules.find((rule) => rule.id === 'machine-silent' && rule.clientId === clientId) });
    for (const at of [0, 10, 20, 30]) {
      set.send(at, { machineId: 'm1', state: 'running' });
      if (at !== 20) set.send(at, { machineId: 'm2', state: 'stopped' });
    }
    expect(set.alerts(), 'after one event less').toEqual([]);
    set.send(40, { machineId: 'm1', state: 'running' });
    set.advance(49);
    expect(set.alerts()).toEqual([]);
    set.send(50, { machineId: 'm1', state: 'running' });
    set.advance(51);
    set.send(52, { machineId: 'm2', state: 'stopped' });
    expect(set.alerts().map(({ data }) => data.message)).toEqual([
      `1 of 2 machines of ${clientId} silent: m2`,
      `All machines of ${clientId} send events again`,
    ]);
    expect(alertsOf(set)).toMatchObject([
      { at: 50, status: 'firing' },
      { at: 52, status: 'resolved' },
    ]);
  });
});
