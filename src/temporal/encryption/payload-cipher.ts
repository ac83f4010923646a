import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { VigilError } from '../../core/primitives/errors.ts';
import type { KeyRing } from './key-ring.ts';

/**
 * Encrypts payloads with AES-256-GCM. The metadata of an encrypted one names the master key and the client, in plain but
 * authenticated; its data is the nonce, the encrypted payload with its own metadata, and the tag.
 */
export interface PayloadCipher {
  /** Whether it encrypts; without keys, it leaves payloads as they are. */
  isOn: boolean;
  /** @param clientId null: of no client */
  seal(payload: Payload, clientId: string | null): Payload;
  /**
   * The payload as it was; one that is not encrypted stays as it is.
   * @throws VigilError ENCRYPTION_KEY_UNKNOWN, PAYLOAD_UNREADABLE
   */
  open(payload: Payload): Payload;
  /** The client that an encrypted payload names, null if none; undefined if it is not encrypted. */
  ownerOf(payload: Payload): string | null | undefined;
}

const ENCRYPTED = 'binary/encrypted';
const [KEY_ID, CLIENT_ID] = ['encryption-key-id', 'vigil-client-id'];
const ALGORITHM = 'aes-256-gcm';
const [NONCE_BYTES, TAG_BYTES] = [12, 16];

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

export function createPayloadCipher(keys: KeyRing): PayloadCipher {
  return {
    isOn: keys.newest !== null,
    seal(payload, clientId) {
      const keyId = keys.newest;
      const key = keyId === null ? undefined : keys.keyOf(keyId, clientId);
      if (keyId === null || key === undefined) return payload;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(authenticated(keyId, clientId));
      const plain = PayloadMessage.encode(payload).finish();
      const sealed = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
      return { metadata: metadataOf(keyId, clientId), data: Buffer.concat([nonce, ...sealed]) };
    },
    open(payload) {
      const clientId = ownerOf(payload);
      if (clientId === undefined) return payload;
      const keyId = textAt(payload, KEY_ID);
      const key = keys.keyOf(keyId, clientId);
      if (key === undefined) throw keyUnknown(keyId, clientId);
      try {
        const data = payload.data ?? new Uint8Array();
        const decipher = createDecipheriv(ALGORITHM, key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
        decipher.setAAD(authenticated(keyId, clientId)).setAuthTag(data.subarray(-TAG_BYTES));
        const plain = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
        return PayloadMessage.decode(Buffer.concat(plain));
      } catch (cause) {
        const advice = `It was changed, or encrypted with another key of the id "${keyId}".`;
        throw new VigilError('PAYLOAD_UNREADABLE', advice, { keyId, clientId }, { cause });
      }
    },
    ownerOf,
  };
}

function ownerOf(payload: Payload): string | null | undefined {
  if (textAt(payload, 'encoding') !== ENCRYPTED) return undefined;
  return textAt(payload, CLIENT_ID) || null;
}

/** What the tag protects beside the data: neither id can be replaced. */
const authenticated = (keyId: string, clientId: string | null): Buffer =>
  Buffer.from(`vigil payload 1\n${keyId}\n${clientId ?? ''}`);

const metadataOf = (keyId: string, clientId: string | null): Record<string, Uint8Array> => ({
  encoding: Buffer.from(ENCRYPTED),
  [KEY_ID]: Buffer.from(keyId),
  ...(clientId !== null && { [CLIENT_ID]: Buffer.from(clientId) }),
});

const textAt = ({ metadata }: Payload, name: string): string => Buffer.from(metadata?.[name] ?? []).toString();

const keyUnknown = (keyId: string, clientId: string | null): VigilError =>
  new VigilError(
    'ENCRYPTION_KEY_UNKNOWN',
    `Its id is "${keyId}". Add it to VIGIL_ENCRYPTION_KEYS, after the first one, and restart vigil.`,
    { keyId, clientId },
  );
