import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { RequestError } from './errors.ts';

/** Methods that change nothing. */
export const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * CSRF protection: a browser must not send changes on behalf of another origin, unless it is one of these.
 * Clients other than browsers send neither header and are allowed.
 */
export function refuseOtherOrigins(others: readonly string[] = []): MiddlewareHandler {
  return async (c, next) => {
    const site = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    const own = site !== undefined ? site === 'same-origin' || site === 'none' : isOwnOrigin(origin, c.req.url);
    if (!SAFE_METHODS.has(c.req.method) && !own && !others.includes(origin ?? '')) {
      throw new RequestError('CROSS_ORIGIN', "Use vigil's console, or a client that is not a browser.", {
        origin: origin ?? null,
      });
    }
    await next();
  };
}

// Compares only the host: a proxy may terminate TLS.
const isOwnOrigin = (origin: string | undefined, url: string): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === new URL(url).host);

/**
 * DNS rebinding protection: a name that an attacker points to this machine is public, so it contains a dot. Allows IP
 * addresses, `localhost` and names without a dot; other names must be in `allowedHosts`.
 */
export function refuseOtherHosts(allowedHosts: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    const host = new URL(c.req.url).hostname;
    const local = !host.includes('.') || host.endsWith('.localhost') || isIP(host) !== 0;
    if (!local && !allowedHosts.includes(host)) {
      const advice = `Use an IP address or localhost, or add ${host} to VIGIL_ALLOWED_HOSTS.`;
      throw new RequestError('HOST_NOT_ALLOWED', advice, { host });
    }
    await next();
  };
}
