import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ID_PATTERN } from '../../core/model/ids.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { clientOf, covers, mustCover } from '../access/authorize.ts';
import { noteForAudit } from '../audit/record-changes.ts';
import { RequestError } from '../errors.ts';
import { jsonBody } from '../openapi/bodies.ts';
import { json, noContent, problems, problemsOfChange } from '../openapi/responses.ts';
import type { DeadLetter, DeadLetterStorePort } from '../ports/dead-letters.ts';
import { encodePayload, readObject } from '../requests/body.ts';
import { checkEventBytes } from '../requests/check-event.ts';
import { cursorAt, readCursor } from '../requests/pages.ts';
import { deadLetter, deadLetterList, replay } from '../schemas/dead-letters.ts';
import { pageQuery } from '../schemas/shared/pages.ts';
import { wholeNumber } from '../schemas/shared/params.ts';
import { storedEvent } from '../schemas/events.ts';

const LIST = 'dead-letters';
const LIMIT = { most: 100, usual: 20 };
/** Client id of dead letters whose subject names no client. */
const UNKNOWN_CLIENT = '_unknown';

const path = '/dead-letters/{sequence}';
const tags = ['Dead letters'];
const params = z.object({ sequence: wholeNumber('sequence') });

const listDeadLetters = createRoute({
  method: 'get',
  path: '/dead-letters',
  operationId: 'listDeadLetters',
  tags,
  summary: 'List dead letters',
  description: 'The dead letters without their bytes, newest first.',
  request: {
    query: z.object({
      clientId: z
        .string()
        .refine(
          (text) => text === UNKNOWN_CLIENT || ID_PATTERN.test(text),
          `"clientId" must be a client id, or ${UNKNOWN_CLIENT} for dead letters without one.`,
        )
        .optional()
        .openapi({ description: `only those of this client; \`${UNKNOWN_CLIENT}\` for subjects without a client` }),
      reason: z.string().optional().openapi({ description: 'only those with this reason' }),
      ...pageQuery(LIMIT.most, LIMIT.usual),
      before: wholeNumber('before').optional().openapi({ description: 'only those before this sequence' }),
    }),
  },
  responses: { 200: json('the dead letters', deadLetterList), ...problems('REQUEST_INVALID', 'NATS_UNREACHABLE') },
});

const getDeadLetter = createRoute({
  method: 'get',
  path,
  operationId: 'getDeadLetter',
  tags,
  summary: 'Get a dead letter',
  description: 'A dead letter with the bytes of the event, as text or base64.',
  request: { params },
  responses: {
    200: json('the dead letter', deadLetter),
    ...problems('REQUEST_INVALID', 'DEAD_LETTER_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

const replayDeadLetter = createRoute({
  method: 'post',
  path: `${path}/replay`,
  operationId: 'replayDeadLetter',
  tags,
  summary: 'Replay a dead letter',
  description:
    'Publishes the event again, or the subject and payload of the body, and deletes the dead letter. CloudEvents headers stay with the original payload.',
  request: { params, body: jsonBody('Replay', { required: false }) },
  responses: {
    202: json('the event is stored', storedEvent),
    ...problemsOfChange(
      ...(['REQUEST_INVALID', 'EVENT_INVALID', 'DEAD_LETTER_NOT_FOUND'] as const),
      ...(['DEAD_LETTER_CUT', 'NATS_UNREACHABLE'] as const),
    ),
  },
});

const dropDeadLetter = createRoute({
  method: 'delete',
  path,
  operationId: 'dropDeadLetter',
  tags,
  summary: 'Delete a dead letter',
  request: { params },
  responses: {
    204: noContent('the dead letter is deleted'),
    ...problemsOfChange('REQUEST_INVALID', 'DEAD_LETTER_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

const REPLAY_ADVICE = 'Send no body, or {"subject": "events.<clientId>.<type>", "payload": {…}} with one or both keys.';

/** Routes under `/dead-letters`. */
export function deadLetterRoutes(port: DeadLetterStorePort): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(listDeadLetters, async (c) => {
    const { cursor, before, ...query } = c.req.valid('query');
    const last = cursor === undefined ? before : Number(readCursor(LIST, cursor));
    const clientId = clientOf(c, query.clientId);
    const { deadLetters, next } = await port.list({ ...query, clientId, before: last });
    return c.json({ deadLetters, next: next === null ? null : cursorAt(LIST, next) }, 200);
  });

  app.openapi(getDeadLetter, async (c) => {
    const { payload, cloudEvent: _headers, ...others } = await deadLetterAt(c, port, c.req.valid('param').sequence);
    return c.json({ ...others, ...shown(payload) }, 200);
  });

  app.openapi(replayDeadLetter, async (c) => {
    const { subject, payload } = await readObject(c, replay, REPLAY_ADVICE);
    const bytes = payload === undefined ? undefined : encodePayload(payload);
    const found = await deadLetterAt(c, port, c.req.valid('param').sequence);
    noteForAudit(c, { clientId: found.clientId });
    // The headers describe the original payload.
    const cloudEvent = bytes === undefined ? found.cloudEvent : undefined;
    const event = { subject: subject ?? subjectOf(found), payload: bytes ?? originalOf(found), cloudEvent };
    checkEventBytes(event.subject, event.payload, cloudEvent);
    mustCover(c, clientOfSubject(event.subject));
    return c.json(await port.replay(found, event), 202);
  });

  app.openapi(dropDeadLetter, async (c) => {
    const { sequence } = c.req.valid('param');
    const { clientId } = await deadLetterAt(c, port, sequence);
    noteForAudit(c, { clientId });
    if (!(await port.drop(sequence))) throw notFound(sequence);
    return c.body(null, 204);
  });

  return app;
}

/** Those of clients that the sender has no access to do not exist. */
async function deadLetterAt(c: Context, port: DeadLetterStorePort, sequence: number): Promise<DeadLetter> {
  const found = await port.get(sequence);
  if (found === null || !covers(c, found.clientId)) throw notFound(sequence);
  return found;
}

function subjectOf({ sequence, subject }: DeadLetter): string {
  if (subject !== null) return subject;
  throw new RequestError('REQUEST_INVALID', 'The dead letter has no subject; send a "subject".', { sequence });
}

function originalOf({ sequence, payload, bytes, isWhole }: DeadLetter): Uint8Array {
  if (isWhole) return payload;
  const advice = `Only ${payload.length} of ${bytes} bytes are left, because the event stream no longer has the event. Send a payload, or drop the dead letter.`;
  throw new VigilError('DEAD_LETTER_CUT', advice, { sequence, bytes, left: payload.length });
}

/** `events.<clientId>.<type>`, as checkEventBytes has seen. */
const clientOfSubject = (subject: string): string => subject.split('.')[1] ?? '';

const notFound = (sequence: number): VigilError =>
  new VigilError('DEAD_LETTER_NOT_FOUND', 'List the dead letters with GET /api/dead-letters.', { sequence });

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function shown(payload: Uint8Array): { encoding: 'utf-8' | 'base64'; payload: string } {
  try {
    return { encoding: 'utf-8', payload: decoder.decode(payload) };
  } catch {
    // Not UTF-8: base64 keeps every byte.
    return { encoding: 'base64', payload: Buffer.from(payload).toString('base64') };
  }
}
