import { at, everyPage, post, send } from '../server/send.ts';
import type { AlertEntry, Machine, RuleEntry } from '../server/wire.ts';
import { MAX_ALERTS } from './state.ts';

export const getMachines = (): Promise<{ machines: Machine[] }> => send('/api/machines');

export async function getRules(clientId: string): Promise<RuleEntry[]> {
  const pages = await everyPage<{ rules: RuleEntry[] }>(at`/api/clients/${clientId}/rules`);
  return pages.flatMap(({ rules }) => rules);
}

/** What fires now, and the newest of what has fired. */
export async function getAlerts(clientId: string): Promise<AlertEntry[]> {
  const path = at`/api/clients/${clientId}/alerts`;
  const lists = await Promise.all(
    ['open', 'all'].map((state) => send<{ alerts: AlertEntry[] }>(`${path}?state=${state}&limit=${MAX_ALERTS}`)),
  );
  return lists.flatMap(({ alerts }) => alerts);
}

export type MachineCommand = 'start' | 'stop' | 'silence' | 'unsilence';
export type AllMachinesCommand = 'start' | 'stop' | 'release';

export const commandMachine = (
  clientId: string,
  machineId: string,
  command: MachineCommand,
): Promise<{ machines: Machine[] }> => post(at`/api/clients/${clientId}/machines/${machineId}/${command}`);
export const commandMachines = (clientId: string, command: AllMachinesCommand): Promise<{ machines: Machine[] }> =>
  post(at`/api/clients/${clientId}/machines/${command}`);

/** `json`: an object as text, whose numbers keep their digits. */
export const sendEvent = (clientId: string, type: string, json: string): Promise<{ sequence: number }> =>
  send(at`/api/clients/${clientId}/events/${type}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: json,
  });
export const fireTestAlert = (clientId: string): Promise<{ id: string }> =>
  post(at`/api/clients/${clientId}/test-alert`);
