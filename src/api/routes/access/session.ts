import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { identify } from '../../access/authorize.ts';
import { closeSession, openSession } from '../../access/session.ts';
import { RequestError } from '../../errors.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { json, noContent, problems, problemsOfChange } from '../../openapi/responses.ts';
import type { Authenticator } from '../../ports/access.ts';
import { readObject } from '../../requests/body.ts';
import { login, session } from '../../schemas/access.ts';

const tags = ['Access'];
const path = '/session';

const getSession = createRoute({
  method: 'get',
  path,
  operationId: 'getSession',
  tags,
  summary: 'Who sends this request',
  description: 'The access of the token or the session; null without a valid one.',
  responses: { 200: json('the access', session), ...problems() },
});

const logIn = createRoute({
  method: 'post',
  path,
  operationId: 'logIn',
  tags,
  summary: 'Log in with a token',
  description: 'Sets a cookie that scripts cannot read. The session ends with the token, and after 12 hours.',
  request: { body: jsonBody('Login', { required: true }) },
  responses: { 200: json('the access', session), ...problemsOfChange('REQUEST_INVALID') },
});

const logOut = createRoute({
  method: 'delete',
  path,
  operationId: 'logOut',
  tags,
  summary: 'Log out',
  responses: { 204: noContent('the session is over'), ...problemsOfChange() },
});

/** `/session` */
export function sessionRoutes(authenticator: Authenticator): OpenAPIHono {
  const app = new OpenAPIHono();
  const needsToken = (): boolean => authenticator.isOn();
  app.openapi(getSession, (c) => c.json({ needsToken: needsToken(), access: c.get('access') ?? null }, 200));
  app.openapi(logIn, async (c) => {
    const { token } = await readObject(c, login, 'Send {"token": "vigil_…"}.');
    const access = await identify(authenticator, token);
    if (access === null) throw new RequestError('UNAUTHENTICATED', 'This one is unknown, expired or revoked.');
    if (needsToken()) openSession(c, token);
    return c.json({ needsToken: needsToken(), access }, 200);
  });
  app.openapi(logOut, (c) => {
    closeSession(c);
    return c.body(null, 204);
  });
  return app;
}
