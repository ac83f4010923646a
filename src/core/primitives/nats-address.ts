import { VigilError } from './errors.ts';

/** What NATS_URL says: `nats://user:password@host:port` or `nats://token@host:port`, several separated by commas. */
export interface NatsAddress {
  /** `host` or `host:port`. */
  servers: string[];
  /** The same for all servers; empty where nobody logs in. */
  login: { user: string; pass: string } | { token: string } | Record<string, never>;
  /** By `tls://`: a server that offers no TLS is refused. */
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
      'NATS_URL has more than one login: give all its servers the same, or one of them alone.',
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

/** A character that would end the address is written as %40 and so on; whoever did not, may have a "%" that means itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An address as people and logs may see it. Whatever stands before an "@" goes, were it a password with any character. */
export const withoutPassword = (url: string): string =>
  url
    .split(/,(?=[a-z]+:\/\/)/i)
    .map((each) => each.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@'))
    .join(',');
