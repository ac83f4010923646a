import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/* A token is `vigil_<id>_<secret>`. The id finds the stored token; of the secret only the hash is stored. */

/** 48 and 256 bits: a plain hash is enough, as nobody can try all secrets. */
const [ID_BYTES, SECRET_BYTES] = [6, 32];
const TOKEN = /^vigil_([0-9a-f]{12})_([\w-]{43})$/;

export interface TokenText {
  id: string;
  secret: string;
  text: string;
}

export function newTokenText(): TokenText {
  const id = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, secret, text: `vigil_${id}_${secret}` };
}

/** Null if the text is not a token of vigil. */
export function readTokenText(text: string): Pick<TokenText, 'id' | 'secret'> | null {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** In constant time, so that the time of an answer says nothing about the hash. */
export const hasHash = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash.padEnd(HASH_LENGTH).slice(0, HASH_LENGTH)));

const HASH_LENGTH = 64;
