import type { AlertEntry, LiveMessage, Machine, MachineState, RuleEntry, Severity } from '../server/wire.ts';

export interface MachineView {
  machineId: string;
  state: MachineState;
  held: boolean;
  /** Its events are stopped: the state is the last one that it has sent. */
  silent: boolean;
  /** A machine of the simulator, which has buttons. Other machines are known from their events only. */
  simulated: boolean;
  /** When the state was last updated, epoch ms of the browser's clock. */
  seenAtMs: number;
}

export interface AlertView {
  key: string;
  ruleId: string;
  time: string;
  status: string;
  severity: Severity;
  message: string;
  test: boolean;
}

export interface ClientView {
  machines: ReadonlyMap<string, MachineView>;
  rules: readonly RuleEntry[];
  /** Newest first. */
  alerts: readonly AlertView[];
  lastEvent: { type: string; sequence: number; time: string } | null;
}

export interface DemoState {
  clients: ReadonlyMap<string, ClientView>;
}

export type Change =
  | { type: 'clients'; clientIds: readonly string[] }
  | { type: 'rules'; clientId: string; rules: readonly RuleEntry[] }
  | { type: 'alerts'; clientId: string; alerts: readonly AlertEntry[] }
  | { type: 'machines'; machines: readonly Machine[]; askedAtMs: number }
  | { type: 'live'; messages: readonly LiveMessage[]; atMs: number };

export const MAX_ALERTS = 100;
const NEW_CLIENT: ClientView = { machines: new Map(), rules: [], alerts: [], lastEvent: null };
export const FIRST_STATE: DemoState = { clients: new Map() };

export function reduce(state: DemoState, change: Change): DemoState {
  switch (change.type) {
    case 'clients':
      return change.clientIds.reduce((next, clientId) => changeClient(next, clientId, (client) => client), state);
    case 'rules':
      return changeClient(state, change.clientId, (client) => ({ ...client, rules: change.rules }));
    case 'alerts':
      return changeClient(state, change.clientId, (client) => ({
        ...client,
        alerts: listedAlerts(client.alerts, change.alerts),
      }));
    case 'machines':
      return change.machines.reduce(
        (next, machine) => changeClient(next, machine.clientId, (client) => listed(client, machine, change.askedAtMs)),
        state,
      );
    case 'live':
      return change.messages.reduce((next, message) => happened(next, message, change.atMs), state);
  }
}

function changeClient(state: DemoState, clientId: string, how: (client: ClientView) => ClientView): DemoState {
  const client = state.clients.get(clientId) ?? NEW_CLIENT;
  const changed = how(client);
  if (changed === client && state.clients.has(clientId)) return state;
  return { ...state, clients: new Map(state.clients).set(clientId, changed) };
}

/** Merges the simulator's list; an event received after the request is newer than the list. */
function listed(client: ClientView, { machineId, state, held, silent }: Machine, askedAtMs: number): ClientView {
  const known = client.machines.get(machineId);
  const newer = known !== undefined && known.seenAtMs > askedAtMs;
  const view = {
    machineId,
    held,
    silent,
    simulated: true,
    state: newer ? known.state : state,
    seenAtMs: newer ? known.seenAtMs : askedAtMs,
  };
  return { ...client, machines: new Map(client.machines).set(machineId, view) };
}

function happened(state: DemoState, message: LiveMessage, atMs: number): DemoState {
  if (message.kind === 'alert') {
    const { alert, sequence } = message;
    return changeClient(state, alert.data.clientId, (client) => ({
      ...client,
      alerts: withAlert(client.alerts, alertView(alert, sequence)),
    }));
  }
  const { clientId, type, sequence, time, data } = message;
  return changeClient(state, clientId, (client) => ({
    ...client,
    machines: seen(client.machines, type, data, atMs),
    lastEvent: { type, sequence, time },
  }));
}

const alertView = ({ time, data }: Extract<LiveMessage, { kind: 'alert' }>['alert'], sequence: number): AlertView => ({
  key: String(sequence),
  time,
  ruleId: data.ruleId,
  status: data.status,
  severity: data.severity,
  message: data.message,
  test: data.labels['test'] === 'true',
});

/** Adds the alerts of the list, which may be there from live messages. Newest first. */
function listedAlerts(alerts: readonly AlertView[], listed: readonly AlertEntry[]): AlertView[] {
  const views = listed.map(({ sequence, updatedAt, labels, ruleId, status, severity, message }) => ({
    ...{ key: String(sequence), time: updatedAt, ruleId, status, severity, message },
    test: labels['test'] === 'true',
  }));
  const all = new Map([...views, ...alerts].map((view) => [view.key, view]));
  return [...all.values()].sort((a, b) => Number(b.key) - Number(a.key)).slice(0, MAX_ALERTS);
}

/** Newest first. A heartbeat replaces the heartbeat before it, so that heartbeats do not push out other alerts. */
function withAlert(alerts: readonly AlertView[], alert: AlertView): AlertView[] {
  const [latest] = alerts;
  const again = alert.status === 'heartbeat' && latest?.status === 'heartbeat' && latest.ruleId === alert.ruleId;
  return [alert, ...(again ? alerts.slice(1) : alerts)].slice(0, MAX_ALERTS);
}

function seen(
  machines: ClientView['machines'],
  type: string,
  data: Record<string, unknown>,
  atMs: number,
): ClientView['machines'] {
  const { machineId, state } = data;
  if (type !== 'status' || typeof machineId !== 'string' || !isMachineState(state)) return machines;
  const known = machines.get(machineId);
  return new Map(machines).set(machineId, {
    machineId,
    state,
    held: known?.held ?? false,
    silent: known?.silent ?? false,
    simulated: known?.simulated ?? false,
    seenAtMs: atMs,
  });
}

const isMachineState = (value: unknown): value is MachineState =>
  value === 'stopped' || value === 'starting' || value === 'running';
