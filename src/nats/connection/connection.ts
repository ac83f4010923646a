import { connect, ErrorCode, NatsError, type NatsConnection } from 'nats';
import { VigilError } from '../../core/primitives/errors.ts';
import { parseNatsUrl, withoutPassword } from '../../core/primitives/nats-address.ts';

const RECONNECT_WAIT_MS = 250;

/**
 * Connects, and from then on reconnects for as long as it takes. Login and TLS are what the address says.
 * @throws VigilError NATS_UNREACHABLE, CONFIG_INVALID
 */
export async function connectNats(url: string, name: string): Promise<NatsConnection> {
  const { servers, login, tls } = parseNatsUrl(url);
  try {
    return await connect({
      servers,
      name,
      ...login,
      ...(tls && { tls: {} }),
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      waitOnFirstConnect: false,
      // A server that is set up anew may refuse the login for a moment.
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
    return `${shown} refuses the login. Check user and password, or the token, in NATS_URL: nats://user:password@host:port.`;
  if (code === NO_TLS) return `${shown} offers no TLS: say nats:// in NATS_URL, or set the server up for it.`;
  return `Nothing answers at ${shown}. Start a nats-server with JetStream there, or set NATS_URL.`;
}
