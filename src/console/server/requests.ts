import { everyPage, post, send } from './send.ts';
import type { Health, Links, Session } from './wire.ts';

export const getSession = (): Promise<Session> => send('/api/session');
export const logIn = (token: string): Promise<Session> => post('/api/session', { token });
export const logOut = async (): Promise<void> => {
  await fetch('/api/session', { method: 'DELETE' });
};
export const getLinks = (): Promise<Links> => send('/api/links');

/** Responses with status 503 have the report, too. */
export async function getHealth(): Promise<Health> {
  return (await (await fetch('/healthz')).json()) as Health;
}

/** All clients that the user may see. */
export async function getClients(): Promise<string[]> {
  const pages = await everyPage<{ clients: string[] }>('/api/clients');
  return pages.flatMap(({ clients }) => clients);
}
