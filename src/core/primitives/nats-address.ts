import { VigilError } from './errors.ts';

/** A parsed NATS_URL: `nats://user:password@host:port` or `nats://token@host:port`, several separated by commas. */
export interface NatsAddress {
  /** `host` or `host:port`. */
  servers: string[];
  /** The same for all servers; empty without a login. */
  login: { user: string; pass: string } | { token: string } | Record<string, never>;
  /** From `tls://`: require TLS. */
  tls: boolean;
}

/** @throws VigilError CONFIG_INVALID when the servers have different logins */
export function parseNatsUrl(url: string): NatsAddress {
  const parts = url.split(',').map((each) => {
    const [, scheme = 'nats', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/is.exec(each.trim()) ?? [];
    const end = rest.lastIndexOf('@');
    return { scheme, userInfo: rest.slice(0, Math.max(end, 0)), server: rest.slice(end + 1).replace(/\/+$/, '') };
  });
  const logins = [...new Set(parts.map(({ userInfo }) => userInfo).filter((userInfo) => userInfo !== ''))];
  const [userInfo, ...others] = logins;
  if (others.length > 0)
    throw new VigilError(
      'CONFIG_INVALID',
      'NATS_URL has several logins: use the same login for all servers, or give it for one server only.',
      { variable: 'NATS_URL' },
    );
  return {
    servers: parts.map(({ server }) => server),
    login: userInfo === undefined ? {} : loginOf(userInfo),
    tls: parts.some(({ scheme }) => scheme.toLowerCase() === 'tls'),
  };
}

function loginOf(userInfo: string): NatsAddress['login'] {
  const [user = '', ...pass] = userInfo.split(':');
  return pass.length === 0 ? { token: decoded(user) } : { user: decoded(user), pass: decoded(pass.join(':')) };
}

/** Reserved characters are percent-encoded (%40). A "%" that is not part of a valid encoding is taken literally. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An address for people and logs. Removes everything before an "@", whatever characters the password has. */
export const withoutPassword = (url: string): string =>
  url
    .split(/,(?=[a-z]+:\/\/)/i)
    .map((each) => each.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@'))
    .join(',');
