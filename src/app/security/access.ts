import { isIP } from 'node:net';
import { createAuthenticator } from '../../api/access/authenticate.ts';
import { jwtVerifier } from '../../api/access/jwt.ts';
import type { Authenticator } from '../../api/ports/access.ts';
import type { RunningApi } from '../../api/serve.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import type { connectNats } from '../../nats/connection/connection.ts';
import { openTokens, type TokensBucket } from '../../nats/buckets/tokens-bucket.ts';
import type { Log } from '../../observability/log.ts';
import type { Config } from '../settings/config.ts';

export interface RunningAccess {
  tokens: TokensBucket;
  authenticator: Authenticator;
  /** Listens on HOST if there is a login, else as soon as there is one. Resolves with whether there is one. */
  open(api: Pick<RunningApi, 'listenOn'>): Promise<boolean>;
}

/** Who may use the API: tokens of the bucket, VIGIL_ADMIN_TOKEN, and JWTs. */
export async function openAccess(
  nats: Awaited<ReturnType<typeof connectNats>>,
  config: Config,
  { log, onFailure }: { log: Log; onFailure: (error: Error) => void },
): Promise<RunningAccess> {
  let onFirst: () => void = () => undefined;
  const tokens = await openTokens(nats, () => onFirst());
  const authenticator = createAuthenticator({ tokens, adminToken: config.adminToken, verifyJwt: verifierOf(config) });
  return {
    tokens,
    authenticator,
    async open(api) {
      const isOn = authenticator.isOn();
      if (isLocal(config.host)) {
        if (!isOn) log.info({}, OPEN);
      } else if (isOn) await api.listenOn(config.host);
      else {
        log.warn({ host: config.host }, `${OPEN} It listens on HOST as soon as there is one.`);
        onFirst = () => {
          log.info({ host: config.host }, 'there is a token: listening on HOST');
          api.listenOn(config.host).catch(onFailure);
        };
      }
      return isOn;
    },
  };
}

const OPEN =
  'there is no token: vigil listens on this machine only, and everybody on it is admin. Create one with `vigil tokens create --role admin`, or set VIGIL_ADMIN_TOKEN.';

function verifierOf({ jwksUrl, jwtIssuer: issuer, jwtAudience: audience, jwtRoleClaim, jwtClientClaim }: Config) {
  if (jwksUrl === undefined) return undefined;
  if (issuer === undefined)
    throw new VigilError('CONFIG_INVALID', 'VIGIL_JWKS_URL needs VIGIL_JWT_ISSUER, the issuer of your tokens.', {});
  return jwtVerifier({ jwksUrl, issuer, audience, roleClaim: jwtRoleClaim, clientClaim: jwtClientClaim });
}

/** Whether an address can be reached from this machine only. */
export const isLocal = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
