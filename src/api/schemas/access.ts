import { z } from '@hono/zod-openapi';
import { ROLES } from '../../core/model/access/access.ts';
import { LIMITS } from '../../core/primitives/limits.ts';
import { parseDuration } from '../../core/primitives/text/duration.ts';
import { by } from './audit.ts';
import { orNull } from './shared/or-null.ts';
import { next } from './shared/pages.ts';
import { clientId } from './shared/params.ts';

/* Tokens, and what they let one do. */

const DEFAULT_EXPIRY = '90d';
const NEVER = 'never';
const time = z.iso.datetime();

const role = z.enum(ROLES).openapi({
  description:
    '`sender`: sends events. `viewer`: reads. `operator`: also acts on alerts and dead letters. `editor`: also changes rules and sends events. `admin`: also resets, and manages tokens.',
});

const name = z
  .string()
  .trim()
  .min(1)
  .max(LIMITS.actorLength)
  .regex(/^\P{C}+$/u, 'must be text on one line')
  .openapi({ description: 'whose token it is; the audit says it', example: 'ci' });

export const newToken = z
  .strictObject({
    name,
    role,
    clientId: clientId.optional().openapi({ description: 'only for this client; absent: for all' }),
    expiresIn: z
      .string()
      .refine(
        (text) => text === NEVER || (parseDuration(text) ?? 0) > 0,
        `must be a duration such as 90d, or "${NEVER}"`,
      )
      .default(DEFAULT_EXPIRY)
      .openapi({ description: `how long it is valid, such as \`30d\`, or \`${NEVER}\`` }),
  })
  .openapi('NewToken');

/** When a token of this duration expires, ISO 8601; null: never. */
export const expiryOf = (expiresIn: string, nowMs: number): string | null =>
  expiresIn === NEVER ? null : new Date(nowMs + (parseDuration(expiresIn) ?? 0)).toISOString();

const access = {
  name: z.string(),
  role,
  clientId: orNull(z.string()).openapi({ description: 'the client that it is for; null: all' }),
};

export const token = z
  .object({
    id: z.string(),
    ...access,
    createdAt: time,
    createdBy: by,
    expiresAt: orNull(time).openapi({ description: 'null: never' }),
    revokedAt: orNull(time).openapi({ description: 'null: it is not revoked' }),
  })
  .openapi('Token');

export const createdToken = token
  .extend({ token: z.string().openapi({ description: 'the token itself: vigil shows it only once' }) })
  .openapi('CreatedToken');

export const tokenList = z.object({ tokens: z.array(token), next }).openapi('TokenList');

export const login = z.strictObject({ token: z.string().max(8_192) }).openapi('Login');

export const session = z
  .object({
    needsToken: z
      .boolean()
      .openapi({ description: 'false: vigil has no token yet, and everybody on its machine is admin' }),
    access: orNull(z.object(access).openapi('Access')),
  })
  .openapi('Session');
