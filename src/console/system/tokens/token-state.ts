import type { Token } from '../../server/wire.ts';

export type TokenState = 'valid' | 'expired' | 'revoked';

export const tokenState = ({ revokedAt, expiresAt }: Token, nowMs: number): TokenState => {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? 'expired' : 'valid';
};

/** Those that let somebody in first, then the newest first. */
export const inOrder = (tokens: readonly Token[], nowMs: number): Token[] =>
  [...tokens].sort(
    (a, b) =>
      Number(tokenState(b, nowMs) === 'valid') - Number(tokenState(a, nowMs) === 'valid') ||
      b.createdAt.localeCompare(a.createdAt),
  );
