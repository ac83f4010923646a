import { Hono, type Context } from 'hono';
import { VigilError } from '../core/primitives/errors.ts';
import { ID_PATTERN } from '../core/model/ids.ts';
import { checkEventBytes } from './check-event.ts';
import { RequestError } from './errors.ts';
import type { DeadLetter, DeadLetterStorePort } from './ports.ts';
import { readReplay } from './request.ts';

const LIMIT = { usual: 20, most: 100 };
/** Client id of dead letters whose subject names no client. */
const UNKNOWN_CLIENT = '_unknown';

/** Routes under `/dead-letters`. */
export function deadLetterRoutes(port: DeadLetterStorePort): Hono {
  const app = new Hono();

  app.get('/dead-letters', async (c) => {
    const { clientId, reason, limit, before } = c.req.query();
    if (clientId !== undefined && clientId !== UNKNOWN_CLIENT && !ID_PATTERN.test(clientId)) {
      throw new RequestError(
        'REQUEST_INVALID',
        `"clientId" must be a client id, or ${UNKNOWN_CLIENT} for dead letters without one.`,
        { clientId },
      );
    }
    const most = limit === undefined ? LIMIT.usual : wholeNumber('limit', limit, LIMIT.most);
    return c.json(
      await port.list({
        clientId,
        reason,
        limit: most,
        before: before === undefined ? undefined : wholeNumber('before', before),
      }),
    );
  });

  app.get('/dead-letters/:sequence', async (c) => {
    const { payload, ...deadLetter } = await deadLetterOf(c, port);
    return c.json({ ...deadLetter, ...shown(payload) });
  });

  app.post('/dead-letters/:sequence/replay', async (c) => {
    const replacement = await readReplay(c);
    const deadLetter = await deadLetterOf(c, port);
    const event = {
      subject: replacement.subject ?? subjectOf(deadLetter),
      payload: replacement.payload ?? originalOf(deadLetter),
    };
    checkEventBytes(event.subject, event.payload);
    return c.json(await port.replay(deadLetter, event), 202);
  });

  app.delete('/dead-letters/:sequence', async (c) => {
    const sequence = sequenceOf(c);
    if (!(await port.drop(sequence))) throw notFound(sequence);
    return c.body(null, 204);
  });

  return app;
}

const sequenceOf = (c: Context): number => wholeNumber('sequence', c.req.param('sequence') ?? '');

async function deadLetterOf(c: Context, port: DeadLetterStorePort): Promise<DeadLetter> {
  const sequence = sequenceOf(c);
  const deadLetter = await port.get(sequence);
  if (deadLetter === null) throw notFound(sequence);
  return deadLetter;
}

function wholeNumber(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new RequestError('REQUEST_INVALID', `"${name}" must be a whole number from 1 to ${most}.`, { [name]: text });
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
