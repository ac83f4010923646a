import { QUOTA_KINDS, type QuotaKind } from '../../../core/model/quotas/quota-kinds.ts';
import type { QuotaOverrides, Quotas } from '../../../core/model/quotas/quotas.ts';
import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { textTable } from '../../output/text-table.ts';

export type NewQuota = number | 'none' | 'default';

interface ClientQuotas {
  quotas: Quotas;
  own: QuotaOverrides;
  eventsFrom: string | null;
}

const pathOf = (clientId: string): string[] => ['clients', clientId, 'quotas'];

export async function showQuotas(clientId: string, command: ApiCommand): Promise<void> {
  print((await command.api.request('GET', pathOf(clientId))).body as ClientQuotas, command);
}

/** Changes some quotas; the others stay. */
export async function setQuotas(
  clientId: string,
  wanted: readonly (readonly [QuotaKind, NewQuota])[],
  command: ApiCommand,
): Promise<void> {
  const { own } = (await command.api.request('GET', pathOf(clientId))).body as ClientQuotas;
  const next: QuotaOverrides = { ...own };
  for (const [kind, quota] of wanted) {
    if (quota === 'default') delete next[kind];
    else next[kind] = quota === 'none' ? null : quota;
  }
  print((await command.api.request('PUT', pathOf(clientId), next)).body as ClientQuotas, command);
}

export async function clearQuotas(clientId: string, command: ApiCommand): Promise<void> {
  print((await command.api.request('DELETE', pathOf(clientId))).body as ClientQuotas, command);
}

function print(answer: ClientQuotas, { io, json }: ApiCommand): void {
  if (json) {
    printJson(io, answer);
    return;
  }
  const { quotas, own, eventsFrom } = answer;
  const rows = QUOTA_KINDS.map((kind) => {
    const from = kind === 'eventsPerSecond' && eventsFrom !== null ? `, from ${eventsFrom}` : '';
    return [kind, String(quotas[kind] ?? 'none'), `${own[kind] === undefined ? 'default' : 'own'}${from}`];
  });
  io.stdout.write(textTable([['QUOTA', 'NUMBER', 'FROM'], ...rows]));
}
