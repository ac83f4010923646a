import { isValidAt, type Access } from '../../core/model/access/access.ts';
import type { Authenticator, TokensPort } from '../ports/access.ts';
import { hashOf, hasHash, readTokenText } from './token-text.ts';

/** Verifies a JWT of the user's own identity provider; null if it is not valid. */
export type VerifyJwt = (token: string) => Promise<Access | null>;

/** Whoever uses vigil while there is no token. */
export const LOCAL_ADMIN: Access = { name: 'local', role: 'admin', clientId: null };

export interface AuthenticatorDeps {
  tokens: Pick<TokensPort, 'all' | 'get'>;
  /** The token of VIGIL_ADMIN_TOKEN. */
  adminToken?: string | undefined;
  verifyJwt?: VerifyJwt | undefined;
  /** Epoch ms. */
  now?: () => number;
}

const SETTING: Access = { name: 'VIGIL_ADMIN_TOKEN', role: 'admin', clientId: null };

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const { tokens, adminToken, verifyJwt, now = Date.now } = deps;
  const adminHash = adminToken === undefined ? null : hashOf(adminToken);
  const hasOthers = adminHash !== null || verifyJwt !== undefined;
  return {
    isOn: () => hasOthers || tokens.all().length > 0,
    hasOthers,
    async accessOf(token) {
      if (adminHash !== null && hasHash(token, adminHash)) return SETTING;
      const read = readTokenText(token);
      if (read === null) return (await verifyJwt?.(token)) ?? null;
      const stored = tokens.get(read.id);
      if (stored === undefined || !hasHash(read.secret, stored.hash) || !isValidAt(stored, now())) return null;
      const { name, role, clientId } = stored;
      return { name, role, clientId };
    },
  };
}
