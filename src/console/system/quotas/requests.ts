import { getClients } from '../../server/requests.ts';
import { at, send } from '../../server/send.ts';
import type { ClientQuotas } from '../../server/wire.ts';

/** Clients whose quotas are read at once. */
const MOST_CLIENTS = 50;

export interface FoundQuotas {
  clients: ClientQuotas[];
  /** Clients that have this text in their ids, beside those. */
  more: number;
}

const pathOf = (clientId: string): string => at`/api/clients/${clientId}/quotas`;

/** The quotas of the first clients with this text in their ids. */
export async function findQuotas(text: string): Promise<FoundQuotas> {
  const ids = (await getClients()).filter((clientId) => clientId.includes(text));
  const first = ids.slice(0, MOST_CLIENTS);
  const clients = await Promise.all(first.map((clientId) => send<ClientQuotas>(pathOf(clientId))));
  return { clients, more: ids.length - first.length };
}

export const putQuotas = (clientId: string, own: ClientQuotas['own']): Promise<ClientQuotas> =>
  send(pathOf(clientId), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(own),
  });
