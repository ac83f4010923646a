import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { mayAct, type Access } from '../../core/model/access/access.ts';
import { authorOf } from '../audit/author.ts';
import { RequestError } from '../errors.ts';
import type { Authenticator } from '../ports/access.ts';
import { LOCAL_ADMIN } from './authenticate.ts';
import { NEEDS, PUBLIC, type Need } from './operations.ts';
import { tokenOf } from './session.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Who sends the request; absent for what needs no token. */
    access: Access | undefined;
  }
}

/**
 * Refuses requests that their sender may not make, before anything else reads them.
 * @param operationAt the operation at a route, such as `GET /api/clients/:clientId/rules`
 */
export function authorize(
  authenticator: Authenticator,
  operationAt: (route: string) => string | undefined,
): MiddlewareHandler {
  return async (c, next) => {
    const route = routeOf(c);
    // Without a handler it is a wrong path or method, which the answer may say.
    if (route !== undefined) await check(c, authenticator, operationAt(route));
    await next();
  };
}

async function check(c: Context, authenticator: Authenticator, operation = ''): Promise<void> {
  const token = tokenOf(c);
  const access = await identify(authenticator, token);
  if (access !== null) {
    c.set('access', access);
    c.set('author', authorOf(c, access === LOCAL_ADMIN ? null : access));
  }
  if (PUBLIC.has(operation)) return;
  if (access === null) throw unauthenticated(c, token);
  const need = NEEDS.get(operation);
  if (need === undefined || !mayAct(access.role, need.role)) throw forbidden(access, need);
  if (need.of === 'all' && access.clientId !== null) throw forbidden(access, need);
}

/** The files of the console: a pattern that matches every path. */
const FILES = '/*';

/** The route that answers a request, such as `GET /api/clients/:clientId/rules`; undefined if there is none. */
export function routeOf(c: Context): string | undefined {
  const handler = matchedRoutes(c).find(({ method, path }) => method !== 'ALL' && path !== FILES);
  return handler && `${handler.method} ${handler.path}`;
}

/** For the paths of one client: refuses those who have no access to it. */
export const authorizeClient: MiddlewareHandler = async (c, next) => {
  if (routeOf(c) !== undefined) mustCover(c, c.req.param('clientId') ?? null);
  await next();
};

export async function identify(authenticator: Authenticator, token: string | undefined): Promise<Access | null> {
  if (!authenticator.isOn()) return LOCAL_ADMIN;
  return token === undefined ? null : authenticator.accessOf(token);
}

function unauthenticated(c: Context, token: string | undefined): RequestError {
  c.header('www-authenticate', 'Bearer realm="vigil"');
  const advice =
    token === undefined
      ? 'Send one: `Authorization: Bearer vigil_…`. The command line takes it from VIGIL_TOKEN.'
      : 'This one is unknown, expired or revoked.';
  return new RequestError('UNAUTHENTICATED', advice);
}

const forbidden = ({ role, clientId }: Access, need: Need | undefined): RequestError =>
  new RequestError(
    'FORBIDDEN',
    need === undefined
      ? 'No role may do this.'
      : `It needs the role ${need.role}${need.of === 'all' ? ' of all clients' : ''}; yours is ${role}${clientId === null ? '' : ` of ${clientId}`}.`,
    { role, clientId, needs: need?.role ?? null },
  );

/** Whether the sender has access to a client; `null`: what belongs to no client. */
export function covers(c: Context, clientId: string | null): boolean {
  const access = c.get('access');
  return access !== undefined && (access.clientId === null || access.clientId === clientId);
}

/** @throws RequestError FORBIDDEN unless the sender has access to this client */
export function mustCover(c: Context, clientId: string | null): void {
  if (covers(c, clientId)) return;
  const own = c.get('access')?.clientId ?? null;
  throw new RequestError('FORBIDDEN', `Yours is for ${own ?? 'no client'}.`, { clientId: own });
}

/**
 * The client that a list is limited to: the one that the query asks for, else the sender's own.
 * @throws RequestError FORBIDDEN
 */
export function clientOf(c: Context, asked: string | undefined): string | undefined {
  if (asked !== undefined) mustCover(c, asked);
  return asked ?? c.get('access')?.clientId ?? undefined;
}
