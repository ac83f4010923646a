import { MAX_ALERTS } from './state.ts';
import type { AlertEntry, Health, Links, Machine, Page, Problem, RuleEntry, Session } from './wire.ts';

/** An error whose message can be shown to the user. */
class RequestFailed extends Error {}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const at = (strings: TemplateStringsArray, ...parts: string[]): string =>
  String.raw({ raw: strings }, ...parts.map(encodeURIComponent));

async function send<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, init).catch((error: unknown) => {
    throw new RequestFailed('vigil does not answer. Check that it is running.', { cause: error });
  });
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  if (problem?.title === undefined) throw new RequestFailed(`vigil answered ${answer.status} to ${path}.`);
  throw new RequestFailed(`${problem.title} ${problem.detail ?? ''}`.trim());
}

const post = <T>(path: string, body?: object): Promise<T> =>
  send<T>(path, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

async function everyPage<Listed>(path: string): Promise<Listed[]> {
  const pages: Listed[] = [];
  let address: string | null = path;
  while (address !== null) {
    const page: Listed & Page = await send(address);
    pages.push(page);
    address = page.next === null ? null : `${path}?cursor=${page.next}`;
  }
  return pages;
}

export const getSession = (): Promise<Session> => send('/api/session');
export const logIn = (token: string): Promise<Session> => post('/api/session', { token });
export const logOut = async (): Promise<void> => {
  await fetch('/api/session', { method: 'DELETE' });
};
export const getLinks = (): Promise<Links> => send('/api/links');
export const getMachines = (): Promise<{ machines: Machine[] }> => send('/api/machines');

export async function getClients(): Promise<string[]> {
  const pages = await everyPage<{ clients: string[] }>('/api/clients');
  return pages.flatMap(({ clients }) => clients);
}

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

/** Responses with status 503 have the report, too. */
export async function getHealth(): Promise<Health> {
  return (await (await fetch('/healthz')).json()) as Health;
}

export type MachineCommand = 'start' | 'stop' | 'release';

export const commandMachine = (
  clientId: string,
  machineId: string,
  command: MachineCommand,
): Promise<{ machines: Machine[] }> => post(at`/api/clients/${clientId}/machines/${machineId}/${command}`);
export const commandMachines = (clientId: string, command: MachineCommand): Promise<{ machines: Machine[] }> =>
  post(at`/api/clients/${clientId}/machines/${command}`);

export const fireTestEvent = (clientId: string): Promise<{ sequence: number }> =>
  post(at`/api/clients/${clientId}/events/test`, { source: 'console', text: 'A test event from the console.' });
export const fireTestAlert = (clientId: string): Promise<{ id: string }> =>
  post(at`/api/clients/${clientId}/test-alert`);
