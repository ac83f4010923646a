import type { AccessToken } from '../../../core/model/access/access.ts';
import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { onOneLine } from '../../output/on-one-line.ts';
import { textTable } from '../../output/text-table.ts';
import { everyPage } from '../../pages.ts';

type Token = Omit<AccessToken, 'hash'>;

const MISSING = '–';

/** Prints the token alone, so that a script can keep it; what it is goes to stderr. */
export async function createToken(body: object, { io, api, json }: ApiCommand): Promise<void> {
  const created = (await api.request('POST', ['tokens'], body)).body as Token & { token: string };
  if (json) {
    printJson(io, created);
    return;
  }
  const { id, role, clientId, expiresAt } = created;
  io.stderr.write(
    `Token ${id}: ${role} of ${clientId ?? 'all clients'}, ${expiresAt === null ? 'never expires' : `expires ${expiresAt}`}. Keep it now: vigil does not show it again. Set VIGIL_TOKEN to use it.\n`,
  );
  io.stdout.write(`${created.token}\n`);
}

export async function listTokens({ io, api, json }: ApiCommand): Promise<void> {
  const tokens = (await everyPage<{ tokens: Token[] }>(api, ['tokens'])).flatMap((page) => page.tokens);
  if (json) {
    printJson(io, tokens);
    return;
  }
  const rows = tokens.map(({ id, name, role, clientId, createdAt, createdBy, expiresAt, revokedAt }) =>
    [
      ...[id, name, role, clientId ?? 'all', createdAt, createdBy ?? MISSING],
      revokedAt === null ? (expiresAt ?? 'never') : `revoked ${revokedAt}`,
    ].map(onOneLine),
  );
  io.stdout.write(textTable([['ID', 'NAME', 'ROLE', 'CLIENT', 'CREATED', 'BY', 'EXPIRES'], ...rows]));
}

export async function revokeToken(id: string, { io, api, json }: ApiCommand): Promise<void> {
  const revoked = (await api.request('DELETE', ['tokens', id])).body as Token;
  if (json) {
    printJson(io, revoked);
    return;
  }
  io.stdout.write(`revoked: ${revoked.name} (${id})\n`);
}
