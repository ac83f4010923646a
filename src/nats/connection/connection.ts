import { connect, ErrorCode, NatsError, type NatsConnection } from 'nats';
import { VigilError } from '../../core/primitives/errors.ts';
import type { NatsSecurity } from './security.ts';
import { parseNatsUrl, withoutPassword } from '../../core/primitives/nats-address.ts';

const RECONNECT_WAIT_MS = 250;

/**
 * Connects, and reconnects without limit afterwards. The URL has the credentials and the TLS scheme.
 * @throws VigilError NATS_UNREACHABLE, CONFIG_INVALID
 */
export async function connectNats(url: string, name: string, security: NatsSecurity = {}): Promise<NatsConnection> {
  const { servers, login, tls } = parseNatsUrl(url);
  try {
    return await connect({
      servers,
      name,
      ...login,
      ...security,
      ...(tls && { tls: security.tls ?? {} }),
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      waitOnFirstConnect: false,
      // A server that is being reconfigured can reject the login for a moment.
      ignoreAuthErrorAbort: true,
    });
  } catch (error) {
    const shown = withoutPassword(url);
    throw new VigilError('NATS_UNREACHABLE', adviceFor(error, shown), { url: shown }, { cause: error });
  }
}

const REFUSALS: readonly string[] = [
  ErrorCode.AuthorizationViolation,
  ErrorCode.AuthenticationExpired,
  ErrorCode.AuthenticationTimeout,
];
const NO_TLS: string = ErrorCode.ServerOptionNotAvailable;

function adviceFor(error: unknown, shown: string): string {
  const code = error instanceof NatsError ? error.code : '';
  if (REFUSALS.includes(code))
    return `${shown} rejects the credentials. Check user and password, or the token, in NATS_URL (nats://user:password@host:port), or NATS_CREDENTIALS_FILE and NATS_CERT_FILE.`;
  if (code === NO_TLS) return `${shown} does not support TLS. Use nats:// in NATS_URL, or enable TLS on the server.`;
  return `No answer from ${shown}. Start a nats-server with JetStream there, or set NATS_URL.`;
}
