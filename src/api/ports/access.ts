import type { Access, AccessToken } from '../../core/model/access/access.ts';

/** The tokens, also expired and revoked ones. They are in memory, so that a request does not wait for NATS. */
export interface TokensPort {
  all(): readonly AccessToken[];
  get(id: string): AccessToken | undefined;
  /** Creates or replaces a token. @throws VigilError NATS_UNREACHABLE */
  put(token: AccessToken): Promise<void>;
}

export interface Authenticator {
  /** Whether requests need a token. Without any, vigil listens on this machine only, and everybody is admin. */
  isOn(): boolean;
  /** Whether a token outside of TokensPort lets an admin in, or an identity provider does. */
  hasOthers: boolean;
  /** Null if the token lets nobody in. */
  accessOf(token: string): Promise<Access | null>;
}
