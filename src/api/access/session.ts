import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

/** Its value is the token itself, so that a session ends when the token is revoked. Scripts cannot read it. */
export const SESSION_COOKIE = 'vigil_session';
/** A session of a browser that is left open, in seconds. */
const LASTS_S = 12 * 3600;

export function openSession(c: Context, token: string): void {
  setCookie(c, SESSION_COOKIE, token, {
    ...{ httpOnly: true, sameSite: 'Strict', path: '/', maxAge: LASTS_S },
    secure: isSecure(c),
  });
}

export const closeSession = (c: Context): void => void deleteCookie(c, SESSION_COOKIE, { path: '/' });

/** The token of a request: its Authorization header, else its session. */
export function tokenOf(c: Context): string | undefined {
  const header = c.req.header('authorization');
  if (header === undefined) return getCookie(c, SESSION_COOKIE);
  return /^Bearer +(\S+)$/i.exec(header.trim())?.[1] ?? '';
}

/** A browser drops a secure cookie that it gets without TLS; a proxy may end TLS. */
const isSecure = (c: Context): boolean =>
  new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https';
