import type { Context } from 'hono';
import {
  BATCH,
  cloudEventHeaders,
  mediaTypeOf,
  STRUCTURED,
  type CloudEventHeaders,
} from '../../core/model/event/cloud-event.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { RequestError } from '../errors.ts';
import { NDJSON } from '../previews/ndjson.ts';
import { asObject, limitEvent, type JsonObject } from './body.ts';

/** Events of one request. */
export const MOST_EVENTS = 1_000;

/** Content types of JSON: with none, and with those that programs send by default. */
const JSON_TYPES = /^(|text\/plain|application\/x-www-form-urlencoded|(application|text)\/([\w.-]+\+)?json)$/;

export interface SentEvents {
  /** Whether the body is a list, so that each event has an answer of its own. */
  isList: boolean;
  /** Reads each event. @throws VigilError or RequestError, which concerns this event only */
  events: (() => JsonObject)[];
  cloudEvent: CloudEventHeaders | undefined;
}

/**
 * The events of a request.
 * @throws RequestError MEDIA_TYPE_NOT_SUPPORTED, or BODY_TOO_LARGE if there are too many
 * @throws VigilError EVENT_INVALID unless the body is of its content type
 */
export async function readEvents(c: Context): Promise<SentEvents> {
  const mediaType = mediaTypeOf(c.req.header('content-type') ?? '');
  if (mediaType !== NDJSON && !JSON_TYPES.test(mediaType)) {
    const supported = ['application/json', NDJSON, STRUCTURED, BATCH];
    throw new RequestError('MEDIA_TYPE_NOT_SUPPORTED', `Send ${supported.join(', ')}.`, { mediaType, supported });
  }
  const text = await c.req.text();
  if (mediaType === NDJSON) return list(linesOf(text), (line) => readText(line));
  const cloudEvent = cloudEventHeaders(Object.entries(c.req.header()));
  if (mediaType === BATCH || (cloudEvent === undefined && /^\s*\[/.test(text)))
    return list(readList(text), readObject, mediaType === BATCH ? { mediaType: STRUCTURED } : undefined);
  const event = readText(text);
  return { isList: false, events: [() => event], cloudEvent };
}

function list<Item>(
  items: readonly Item[],
  read: (item: Item) => JsonObject,
  cloudEvent?: CloudEventHeaders,
): SentEvents {
  if (items.length > MOST_EVENTS) {
    const advice = `It has ${items.length} events; the limit is ${MOST_EVENTS}.`;
    throw new RequestError('BODY_TOO_LARGE', advice, { events: items.length, maxEvents: MOST_EVENTS });
  }
  return { isList: true, events: items.map((item) => () => read(item)), cloudEvent };
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

function readText(text: string): JsonObject {
  limitEvent(text);
  return orInvalid(() => asObject(parseJson(text)), 'Send a JSON object.');
}

const readObject = (value: unknown): JsonObject => orInvalid(() => asObject(value), 'Send JSON objects.');

function readList(text: string): unknown[] {
  return orInvalid(() => {
    const value = parseJson(text);
    if (Array.isArray(value)) return value as unknown[];
    throw new SyntaxError('The body is not an array.');
  }, 'Send a JSON array of events.');
}

function orInvalid<T>(read: () => T, advice: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new VigilError('EVENT_INVALID', `${advice} ${error.message}`, { reason: 'json' }, { cause: error });
  }
}
