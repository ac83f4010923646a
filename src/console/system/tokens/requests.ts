import { at, everyPage, post, send } from '../../server/send.ts';
import type { Role, Token } from '../../server/wire.ts';

export interface NewToken {
  name: string;
  role: Role;
  clientId?: string;
  expiresIn: string;
}
export type CreatedToken = Token & { token: string };

export async function getTokens(): Promise<Token[]> {
  const pages = await everyPage<{ tokens: Token[] }>('/api/tokens');
  return pages.flatMap(({ tokens }) => tokens);
}

export const createToken = (token: NewToken): Promise<CreatedToken> => post('/api/tokens', token);
export const revokeToken = (id: string): Promise<Token> => send(at`/api/tokens/${id}`, { method: 'DELETE' });
