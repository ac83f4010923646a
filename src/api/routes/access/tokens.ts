import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { AccessToken } from '../../../core/model/access/access.ts';
import { isValidAt } from '../../../core/model/access/access.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import { clientOf, covers } from '../../access/authorize.ts';
import { hashOf, newTokenText } from '../../access/token-text.ts';
import { noteForAudit } from '../../audit/record-changes.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { json, problems, problemsOfChange } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import { readObject } from '../../requests/body.ts';
import { pageOf } from '../../requests/pages.ts';
import { createdToken, expiryOf, newToken, token, tokenList } from '../../schemas/access.ts';
import { pageQuery } from '../../schemas/shared/pages.ts';

const tags = ['Access'];
/** Each is in the memory of every process. */
const MOST_TOKENS = 10_000;

const listTokens = createRoute({
  method: 'get',
  path: '/tokens',
  operationId: 'listTokens',
  tags,
  summary: 'List tokens',
  description: 'The tokens without their secrets, also expired and revoked ones, oldest first.',
  request: { query: z.object(pageQuery()) },
  responses: { 200: json('the tokens', tokenList), ...problems('REQUEST_INVALID') },
});

const createToken = createRoute({
  method: 'post',
  path: '/tokens',
  operationId: 'createToken',
  tags,
  summary: 'Create a token',
  description:
    'The answer has the token: vigil stores only a hash of its secret. The first token turns the login on, so it must be an admin of all clients.',
  request: { body: jsonBody('NewToken', { required: true }) },
  responses: {
    201: json('the token', createdToken),
    ...problemsOfChange('REQUEST_INVALID', 'TOKEN_NEEDED', 'TOKENS_FULL', 'NATS_UNREACHABLE'),
  },
});

const revokeToken = createRoute({
  method: 'delete',
  path: '/tokens/{tokenId}',
  operationId: 'revokeToken',
  tags,
  summary: 'Revoke a token',
  description: 'From now on it lets nobody in. Its sessions and live streams end with their next request.',
  request: { params: z.object({ tokenId: z.string() }) },
  responses: {
    200: json('the token', token),
    ...problemsOfChange('TOKEN_NOT_FOUND', 'TOKEN_NEEDED', 'NATS_UNREACHABLE'),
  },
});

const ADVICE =
  'Send a JSON object, such as {"name": "ci", "role": "editor", "clientId": "client-01", "expiresIn": "90d"}.';

/** `/tokens` */
export function tokenRoutes({ tokens, authenticator }: Pick<ApiDeps, 'tokens' | 'authenticator'>): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(listTokens, (c) => {
    const own = tokens.all().filter((each) => covers(c, each.clientId));
    const { items, next } = pageOf(own.map(shown).sort(byAge), ORDER, c.req.valid('query'));
    return c.json({ tokens: items, next }, 200);
  });

  app.openapi(createToken, async (c) => {
    const { name, role, expiresIn, clientId } = await readObject(c, newToken, ADVICE);
    const of = clientOf(c, clientId) ?? null;
    if (tokens.all().length >= MOST_TOKENS)
      throw new VigilError('TOKENS_FULL', `There can be ${MOST_TOKENS}.`, { most: MOST_TOKENS });
    const { id, secret, text } = newTokenText();
    const now = Date.now();
    const created: AccessToken = {
      ...{ id, name, role, clientId: of, hash: hashOf(secret) },
      ...{
        createdAt: isoTime(now),
        createdBy: c.get('author').by,
        expiresAt: expiryOf(expiresIn, now),
        revokedAt: null,
      },
    };
    noteForAudit(c, { clientId: of, token: id });
    if (!authenticator.isOn() && !isWayIn(created))
      throw new VigilError('TOKEN_NEEDED', 'Create a token with the role admin and for all clients first.', {});
    await tokens.put(created);
    return c.json({ ...shown(created), token: text }, 201);
  });

  app.openapi(revokeToken, async (c) => {
    const { tokenId } = c.req.valid('param');
    const found = tokens.get(tokenId);
    if (found === undefined || !covers(c, found.clientId))
      throw new VigilError('TOKEN_NOT_FOUND', 'List the tokens with GET /api/tokens.', { tokenId });
    noteForAudit(c, { clientId: found.clientId, token: tokenId });
    const others = tokens.all().filter(({ id }) => id !== tokenId);
    if (!authenticator.hasOthers && isWayIn(found) && !others.some(isWayIn))
      throw new VigilError('TOKEN_NEEDED', 'Create another one with the role admin and for all clients first.', {
        tokenId,
      });
    const revoked = { ...found, revokedAt: found.revokedAt ?? isoTime(Date.now()) };
    await tokens.put(revoked);
    return c.json(shown(revoked), 200);
  });

  return app;
}

/** Whether one can manage all of vigil with it. */
const isWayIn = (each: AccessToken): boolean =>
  each.role === 'admin' && each.clientId === null && isValidAt(each, Date.now());

type Shown = Omit<AccessToken, 'hash'>;
const shown = ({ hash: _secret, ...others }: AccessToken): Shown => others;

const placeOf = ({ createdAt, id }: Shown): string => `${createdAt} ${id}`;
const byAge = (a: Shown, b: Shown): number => (placeOf(a) < placeOf(b) ? -1 : 1);
const ORDER = { list: 'tokens', placeOf, isAfter: (place: string, last: string) => place > last };
