/** A payload of Temporal. */
export interface Payload {
  metadata?: Record<string, Uint8Array> | null;
  data?: Uint8Array | null;
}

/** Encrypts and decrypts what Temporal stores. */
export interface CodecPort {
  /** The client of an encrypted payload, null if it is of none; undefined if the payload is not encrypted. */
  ownerOf(payload: Payload): string | null | undefined;
  /** Encrypts, if there are keys. */
  seal(payload: Payload, clientId: string): Payload;
  /** @throws VigilError ENCRYPTION_KEY_UNKNOWN, PAYLOAD_UNREADABLE */
  open(payload: Payload): Payload;
}
