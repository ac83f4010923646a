import * as natsClient from 'nats';

export interface Nkey {
  getPublicKey(): string;
  getSeed(): Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

/** The client exports it without types. */
export const { nkeys } = natsClient as unknown as {
  nkeys: Record<'createUser' | 'createAccount' | 'createOperator', () => Nkey>;
};
