import { Hono, type Context } from 'hono';
import { VigilError } from '../core/primitives/errors.ts';
import { ID_PATTERN } from '../core/model/ids.ts';
import { checkEventBytes } from './check-event.ts';
import { RequestError } from './errors.ts';
import type { DeadLetter, DeadLetterBoxPort } from './ports.ts';
import { readReplay } from './request.ts';

const LIMIT = { usual: 20, most: 100 };
/** The client of letters whose subject named none. */
const NOBODY = '_unknown';

/** `/dead-letters` */
export function deadLetterRoutes(box: DeadLetterBoxPort): Hono {
  const app = new Hono();

  app.get('/dead-letters', async (c) => {
    const { clientId, reason, limit, before } = c.req.query();
    if (clientId !== undefined && clientId !== NOBODY && !ID_PATTERN.test(clientId)) {
      throw new RequestError(
        'REQUEST_INVALID',
        `"clientId" must be a client id, or ${NOBODY} for letters that have none.`,
        { clientId },
      );
    }
    const most = limit === undefined ? LIMIT.usual : whole('limit', limit, LIMIT.most);
    return c.json(
      await box.list({
        clientId,
        reason,
        limit: most,
        before: before === undefined ? undefined : whole('before', before),
      }),
    );
  });

  app.get('/dead-letters/:sequence', async (c) => {
    const { payload, ...letter } = await letterOf(c, box);
    return c.json({ ...letter, ...shown(payload) });
  });

  app.post('/dead-letters/:sequence/replay', async (c) => {
    const mended = await readReplay(c);
    const letter = await letterOf(c, box);
    const event = { subject: mended.subject ?? subjectOf(letter), payload: mended.payload ?? originalOf(letter) };
    checkEventBytes(event.subject, event.payload);
    return c.json(await box.replay(letter, event), 202);
  });

  app.delete('/dead-letters/:sequence', async (c) => {
    const sequence = sequenceOf(c);
    if (!(await box.drop(sequence))) throw notFound(sequence);
    return c.body(null, 204);
  });

  return app;
}

const sequenceOf = (c: Context): number => whole('sequence', c.req.param('sequence') ?? '');

async function letterOf(c: Context, box: DeadLetterBoxPort): Promise<DeadLetter> {
  const sequence = sequenceOf(c);
  const letter = await box.get(sequence);
  if (letter === null) throw notFound(sequence);
  return letter;
}

function whole(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new RequestError('REQUEST_INVALID', `"${name}" must be a whole number from 1 to ${most}.`, { [name]: text });
}

function subjectOf({ sequence, subject }: DeadLetter): string {
  if (subject !== null) return subject;
  throw new RequestError(
    'REQUEST_INVALID',
    'The dead letter does not say on which subject the event was: say a "subject".',
    { sequence },
  );
}

function originalOf({ sequence, payload, bytes, isWhole }: DeadLetter): Uint8Array {
  if (isWhole) return payload;
  const advice = `Of its ${bytes} bytes ${payload.length} are left, since the event stream no longer has it: send a payload of your own, or drop it.`;
  throw new VigilError('DEAD_LETTER_CUT', advice, { sequence, bytes, left: payload.length });
}

const notFound = (sequence: number): VigilError =>
  new VigilError('DEAD_LETTER_NOT_FOUND', 'GET /api/dead-letters lists those there are.', { sequence });

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function shown(payload: Uint8Array): { encoding: 'utf-8' | 'base64'; payload: string } {
  try {
    return { encoding: 'utf-8', payload: decoder.decode(payload) };
  } catch {
    // No UTF-8: base64 keeps every byte.
    return { encoding: 'base64', payload: Buffer.from(payload).toString('base64') };
  }
}
