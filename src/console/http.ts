import type { Health, Links, Machine, RuleEntry } from './wire.ts';

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
  const body = (await answer.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new RequestFailed(body?.error?.message ?? `vigil answered ${answer.status} to ${path}.`);
}

const post = <T>(path: string, body?: object): Promise<T> =>
  send<T>(path, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

export const getLinks = (): Promise<Links> => send('/api/links');
export const getClients = (): Promise<{ clients: string[] }> => send('/api/clients');
export const getRules = (clientId: string): Promise<{ rules: RuleEntry[] }> => send(at`/api/clients/${clientId}/rules`);
export const getMachines = (): Promise<{ machines: Machine[] }> => send('/api/machines');

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
