import type { TokensPort } from '../../../src/api/ports/access.ts';
import type { AccessToken } from '../../../src/core/model/access/access.ts';

/** Tokens in memory. */
export function fakeTokens(): TokensPort {
  const known = new Map<string, AccessToken>();
  return {
    all: () => [...known.values()],
    get: (id) => known.get(id),
    put: async (token) => void known.set(token.id, token),
  };
}
