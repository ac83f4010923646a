import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { RequestError } from './errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * There is no login yet, so other sites that the user's browser has open must not reach through to us. A request that a
 * browser sends for another origin may not change anything. Clients that are no browsers send neither header, and pass.
 */
export const refuseOtherOrigins: MiddlewareHandler = async (c, next) => {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const own = site !== undefined ? site === 'same-origin' || site === 'none' : isOwnOrigin(origin, c.req.url);
  if (!SAFE_METHODS.has(c.req.method) && !own) {
    throw new RequestError('CROSS_ORIGIN', "Use vigil's own page, or a client that is no browser.", {
      origin: origin ?? null,
    });
  }
  await next();
};

// Only the host is compared: a proxy may have taken the TLS off.
const isOwnOrigin = (origin: string | undefined, url: string): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === new URL(url).host);

/**
 * Keeps out DNS rebinding, where another site's name is made to point to this machine: such a name is a public one, so
 * it has a dot. Addresses, `localhost` and names of the local network without a dot pass; others must be listed.
 */
export function refuseOtherHosts(allowedHosts: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    const host = new URL(c.req.url).hostname;
    const local = !host.includes('.') || host.endsWith('.localhost') || isIP(host) !== 0;
    if (!local && !allowedHosts.includes(host)) {
      const advice = `Use an address or localhost, or allow ${host} in vigil's settings.`;
      throw new RequestError('HOST_NOT_ALLOWED', advice, { host });
    }
    await next();
  };
}
