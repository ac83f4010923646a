import { credsAuthenticator, nkeyAuthenticator, type ConnectionOptions } from 'nats';

/** What a connection to NATS needs beside its URL. */
export type NatsSecurity = Pick<ConnectionOptions, 'authenticator' | 'tls'>;

/** An nkey seed of a user, alone in its file. */
const SEED = /^SU[A-Z2-7]{56}$/;

/** Logs in with the content of a credentials file (`.creds`), or with an nkey seed. */
export function fileAuthenticator(content: Uint8Array): NonNullable<NatsSecurity['authenticator']> {
  const text = new TextDecoder().decode(content).trim();
  return SEED.test(text) ? nkeyAuthenticator(new TextEncoder().encode(text)) : credsAuthenticator(content);
}
