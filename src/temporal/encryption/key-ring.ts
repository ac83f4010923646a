import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A master key. The keys of the clients are derived from it. */
export interface EncryptionKey {
  id: string;
  secret: Uint8Array;
}

export interface KeyRing {
  /** Id of the key that encrypts; null: nothing is encrypted. */
  newest: string | null;
  /** The key of a client (null: of what belongs to none), derived from a master key; undefined if there is no such. */
  keyOf(keyId: string, clientId: string | null): KeyObject | undefined;
}

/** Bytes of a master key, and of the keys derived from it: AES-256. */
export const KEY_BYTES = 32;
/** Derived keys that are kept; a further one is derived anew, in microseconds. */
const KEPT = 10_000;

/** @param keys the first encrypts, all decrypt */
export function createKeyRing(keys: readonly EncryptionKey[]): KeyRing {
  const masters = new Map(keys.map(({ id, secret }) => [id, secret]));
  const derived = new Map<string, KeyObject>();
  return {
    newest: keys[0]?.id ?? null,
    keyOf(keyId, clientId) {
      const master = masters.get(keyId);
      if (master === undefined) return undefined;
      const name = `${keyId}/${clientId ?? ''}`;
      const known = derived.get(name);
      if (known !== undefined) return known;
      if (derived.size >= KEPT) derived.clear();
      const key = derive(master, clientId);
      derived.set(name, key);
      return key;
    },
  };
}

/** HKDF (RFC 5869). Stored payloads depend on every byte of this. */
const derive = (master: Uint8Array, clientId: string | null): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', master, 'vigil temporal payloads', clientId ?? '', KEY_BYTES)));
