import type { Context } from 'hono';
import { ADDRESS_LENGTH, FORWARDED_LENGTH, type Authorship } from '../../core/model/access/authorship.ts';
import type { Access } from '../../core/model/access/access.ts';
import { LIMITS } from '../../core/primitives/limits.ts';
import { RequestError } from '../errors.ts';

export const USER_HEADER = 'vigil-user';
/** How the command line names itself. */
const CLI_AGENT = /^vigil-cli\b/;
/** One line of visible text. */
const NAME = /^\P{C}+$/u;

/**
 * Who sends a request, and from where. A program that acts for its own users names them in the header Vigil-User, which
 * nothing proves; the token is proven.
 * @param access null if nobody needs a token
 * @throws RequestError REQUEST_INVALID
 */
export function authorOf(c: Context, access: Access | null): Authorship {
  const forwardedFor = c.req.header('x-forwarded-for')?.slice(0, FORWARDED_LENGTH);
  return {
    by: userOf(c) ?? access?.name ?? null,
    from: {
      channel: channelOf(c),
      ...(access !== null && { token: access.name }),
      address: addressOf(c)?.slice(0, ADDRESS_LENGTH) ?? null,
      ...(forwardedFor !== undefined && { forwardedFor }),
    },
  };
}

function userOf(c: Context): string | null {
  const text = decoded(c.req.header(USER_HEADER)?.trim() ?? '');
  if (text === '') return null;
  if (text.length <= LIMITS.actorLength && NAME.test(text)) return text;
  const advice = `The header Vigil-User takes a name of at most ${LIMITS.actorLength} characters on one line; percent-encode those that are not ASCII.`;
  throw new RequestError('REQUEST_INVALID', advice);
}

/** HTTP headers are ASCII, so others are percent-encoded. A name that is not encoded stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Only a browser says from which site a request comes, and the guard lets only vigil's own pages change anything. */
function channelOf(c: Context): Authorship['from']['channel'] {
  if (CLI_AGENT.test(c.req.header('user-agent') ?? '')) return 'cli';
  return c.req.header('sec-fetch-site') === undefined ? 'api' : 'console';
}

/** Absent if the request does not come from a socket, as in tests. */
function addressOf(c: Context): string | undefined {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress;
}
