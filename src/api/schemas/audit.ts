import { z } from '@hono/zod-openapi';
import { AUDIT_ACTIONS, AUDIT_RESULTS, auditEntry } from '../../core/model/access/audit.ts';
import { CHANNELS } from '../../core/model/access/authorship.ts';
import { next } from './shared/pages.ts';

export const by = z.string().nullable();

export const origin = z
  .object({
    channel: z.enum(CHANNELS),
    token: z.string().optional().openapi({ description: 'name of the token, or of the user of the identity provider' }),
    address: z.string().nullable().openapi({ description: 'of the sender, or of the proxy in front of vigil' }),
    forwardedFor: z.string().optional().openapi({ description: 'the header X-Forwarded-For' }),
  })
  .openapi('Origin');

const entry = z
  .object({
    ...auditEntry.shape,
    by: by.openapi({
      description: 'who: the header Vigil-User, else the name of the token, else `by` of the body; null if nobody said',
    }),
    from: origin,
    action: z.enum(AUDIT_ACTIONS).openapi({ description: 'the operation, by its id in this document' }),
    clientId: z
      .string()
      .nullable()
      .openapi({ description: 'null if the action concerns no client, or an unknown one' }),
    version: z.int().optional().openapi({ description: 'of the rule after it' }),
    deadLetter: z.int().optional().openapi({ description: 'sequence of the dead letter' }),
    result: z.enum(AUDIT_RESULTS).openapi({ description: '`failed`: nobody knows whether it was done' }),
    code: z.string().optional().openapi({ description: 'the error code, if it is not ok' }),
  })
  .openapi('AuditEntry');

export const auditList = z.object({ entries: z.array(entry), next }).openapi('AuditList');
