import { describe, expect, expectTypeOf, test } from 'vitest';
import type { ApiDeps } from '../../../src/api/ports.ts';
import type { LiveMessage as SentMessage } from '../../../src/api/ports/live.ts';
import type { Machine as SentMachine } from '../../../src/api/ports/machines.ts';
import type { HealthReport } from '../../../src/api/ports/service.ts';
import {
  FIRST_STATE,
  MAX_ALERTS,
  reduce,
  type Change,
  type ClientView,
  type DemoState,
} from '../../../src/console/demo/state.ts';
import type { AlertEntry, Health, Links, LiveMessage, Machine } from '../../../src/console/server/wire.ts';
import { alertOf } from '../../api/fakes/fake-ports.ts';

const after = (...changes: Change[]): DemoState => changes.reduce(reduce, FIRST_STATE);
const client = (state: DemoState, clientId = 'client-01'): ClientView => {
  const view = state.clients.get(clientId);
  if (!view) throw new Error(`${clientId} is not shown`);
  return view;
};
const live = (...messages: LiveMessage[]): Change => ({ type: 'live', messages, atMs: 2_000 });
const status = (machineId: unknown, state: unknown, type = 'status'): LiveMessage => ({
  kind: 'event',
  clientId: 'client-01',
  type,
  sequence: 7,
  time: '2026-01-01T00:00:00Z',
  data: { machineId, state },
});
const alert = (
  sequence: number,
  status: 'firing' | 'resolved' | 'heartbeat' = 'firing',
  ruleId = 'r',
): LiveMessage => ({ kind: 'alert', sequence, alert: alertOf({ clientId: 'client-01', ruleId, status }) });
const listed = (state: Machine['state'], askedAtMs: number, held = false): Change => ({
  type: 'machines',
  askedAtMs,
  machines: [{ clientId: 'client-01', machineId: 'machine-01', state, held, silent: false }],
});

test('the API types match the types of the console', () => {
  expectTypeOf<SentMessage>().toExtend<LiveMessage>();
  expectTypeOf<SentMachine>().toExtend<Machine>();
  expectTypeOf<HealthReport>().toExtend<Health>();
  expectTypeOf<ApiDeps['links']>().toExtend<Links>();
});

describe('machines', () => {
  test('are created by events with a machine and its state', () => {
    const machine = client(after(live(status('press-7', 'running')))).machines.get('press-7');
    expect(machine).toMatchObject({ machineId: 'press-7', state: 'running', simulated: false, held: false });
  });

  test.each([status('m', 'melting'), status(7, 'running'), status('m', 'running', 'temperature')])(
    'do not come from other events',
    (message) => {
      expect(client(after(live(message))).machines.size).toBe(0);
    },
  );

  test('of the simulator stay simulated after their events', () => {
    const state = after(listed('stopped', 1_000, true), live(status('machine-01', 'starting')));
    expect(client(state).machines.get('machine-01')).toMatchObject({ state: 'starting', simulated: true, held: true });
  });

  test('have the state of the newer of list and event', () => {
    expect(
      client(after(live(status('machine-01', 'running')), listed('stopped', 1_000))).machines.get('machine-01')?.state,
    ).toBe('running');
    expect(
      client(after(live(status('machine-01', 'running')), listed('stopped', 3_000))).machines.get('machine-01')?.state,
    ).toBe('stopped');
  });

  test('can have any name', () => {
    expect(client(after(live(status('__proto__', 'running')))).machines.get('__proto__')?.state).toBe('running');
  });
});

describe('alerts', () => {
  test('are listed newest first', () => {
    const { alerts } = client(after(live(alert(1), alert(2, 'resolved'))));
    expect(alerts.map(({ key, status }) => ({ key, status }))).toEqual([
      { key: '2', status: 'resolved' },
      { key: '1', status: 'firing' },
    ]);
  });

  test('are limited', () => {
    const many = Array.from({ length: MAX_ALERTS + 20 }, (_, index) => alert(index));
    const { alerts } = client(after(live(...many)));
    expect(alerts).toHaveLength(MAX_ALERTS);
    expect(alerts[0]?.key).toBe(String(MAX_ALERTS + 19));
  });

  test('are not pushed out by heartbeats, which replace each other', () => {
    const { alerts } = client(
      after(live(alert(1), alert(2, 'heartbeat'), alert(3, 'heartbeat'), alert(4, 'heartbeat', 'other'))),
    );
    expect(alerts.map(({ key }) => key)).toEqual(['4', '3', '1']);
  });

  test('that came before the page was open are listed with those that came live, each once', () => {
    const entry = (sequence: number, status: string): AlertEntry => ({
      ...{
        ruleId: 'r',
        status,
        sequence,
        updatedAt: '2026-01-01T00:00:00.000Z',
        severity: 'info',
        message: '',
        labels: {},
      },
    });
    const listed = {
      type: 'alerts',
      clientId: 'client-01',
      alerts: [entry(1, 'firing'), entry(3, 'resolved')],
    } as const;
    const { alerts } = client(after(live(alert(2), alert(3, 'resolved')), listed));
    expect(alerts.map(({ key, status }) => ({ key, status }))).toEqual([
      { key: '3', status: 'resolved' },
      { key: '2', status: 'firing' },
      { key: '1', status: 'firing' },
    ]);
  });

  test('are marked if they are a test', () => {
    const message: LiveMessage = {
      kind: 'alert',
      sequence: 1,
      alert: alertOf({ clientId: 'client-01', ruleId: 'r', labels: { test: 'true' } }),
    };
    expect(client(after(live(message))).alerts[0]?.test).toBe(true);
  });
});

describe('clients', () => {
  test('appear when they are listed or have an event, and keep their data', () => {
    const state = after(live(status('m', 'running')), { type: 'clients', clientIds: ['client-01', 'client-02'] });
    expect([...state.clients.keys()]).toEqual(['client-01', 'client-02']);
    expect(client(state).machines.size).toBe(1);
    expect(client(state).lastEvent).toEqual({ type: 'status', sequence: 7, time: '2026-01-01T00:00:00Z' });
  });

  test('have their rules', () => {
    const rules = [{ rule: { id: 'r' }, edition: 3, status: 'firing' as const }];
    expect(client(after({ type: 'rules', clientId: 'client-01', rules })).rules).toEqual(rules);
  });
});
