/** What people and programs may do, from the least. */
export const ROLES = ['sender', 'viewer', 'operator', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A sender only sends events; from viewer to admin, each role may do what the one before it may. */
const MAY: Record<Role, readonly Role[]> = {
  sender: ['sender'],
  viewer: ['viewer'],
  operator: ['viewer', 'operator'],
  editor: ['sender', 'viewer', 'operator', 'editor'],
  admin: ROLES,
};

/** Whether a role may do what another one is needed for. */
export const mayAct = (role: Role, needed: Role): boolean => MAY[role].includes(needed);

/** Who sends a request, and what they may do. */
export interface Access {
  /** Of the token, or of the user. */
  name: string;
  role: Role;
  /** Null: of all clients. */
  clientId: string | null;
}

/** A token as stored: without its secret. Times are ISO 8601. */
export interface AccessToken extends Access {
  id: string;
  /** SHA-256 of the secret, hexadecimal. */
  hash: string;
  createdAt: string;
  /** Null: nobody said who. */
  createdBy: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
}

/** Whether a token lets anybody in at this time, epoch ms. */
export const isValidAt = ({ expiresAt, revokedAt }: AccessToken, nowMs: number): boolean =>
  revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > nowMs);
