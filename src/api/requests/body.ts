import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { VigilError } from '../../core/primitives/errors.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { writeJson } from '../../core/primitives/text/write-json.ts';
import { withWholeNumbers } from '../../core/primitives/text/yaml-tags.ts';
import { RequestError } from '../errors.ts';

const MAX_BODY_BYTES = 256 * 1024;

export type JsonObject = Record<string, unknown>;

/** One request can have many events. */
const MAX_EVENTS_BYTES = 1024 * 1024;
const EVENTS_PATH = /^\/api\/clients\/[^/]+\/events(\/|$)/;

const limited = (maxBytes: number): MiddlewareHandler =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw tooLarge(maxBytes);
    },
  });

const tooLarge = (maxBytes: number): RequestError =>
  new RequestError('BODY_TOO_LARGE', `The limit is ${maxBytes / 1024} KB.`, { maxBytes });

/** `maxBytes`: for requests of another kind. Default: that of one event, or of a list of events where these are sent. */
export function limitBody(maxBytes?: number): MiddlewareHandler {
  if (maxBytes !== undefined) return limited(maxBytes);
  const [limitOne, limitEvents] = [limited(MAX_BODY_BYTES), limited(MAX_EVENTS_BYTES)];
  return (c, next) => (EVENTS_PATH.test(c.req.path) ? limitEvents(c, next) : limitOne(c, next));
}

/** @throws RequestError BODY_TOO_LARGE if the text of one event has more bytes than a body may have */
export function limitEvent(text: string): void {
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES);
}

/** vigil publishes the re-serialized JSON, which can be longer (`1e20`). NATS accepts 1 MB by default. */
const MAX_JSON_BYTES = 2 * MAX_BODY_BYTES;

/** @throws RequestError BODY_TOO_LARGE if an event has more bytes than vigil publishes */
export function limitJson(bytes: number): void {
  if (bytes <= MAX_JSON_BYTES) return;
  throw new RequestError('BODY_TOO_LARGE', `Its serialized JSON has ${bytes} bytes; the limit is ${MAX_JSON_BYTES}.`, {
    maxBytes: MAX_JSON_BYTES,
  });
}

/**
 * The body as a JSON object of the schema, whatever its content type. An empty body is an empty object.
 * @throws RequestError REQUEST_INVALID with the advice
 */
export async function readObject<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  advice: string,
): Promise<z.output<Schema>> {
  const text = await c.req.text();
  try {
    const { data, error } = schema.safeParse(text.trim() === '' ? {} : asObject(parseJson(text)));
    if (error === undefined) return data;
    throw new SyntaxError(z.prettifyError(error));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestError('REQUEST_INVALID', `${advice} ${error.message}`);
  }
}

/**
 * The bytes of a new payload.
 * @throws RequestError BODY_TOO_LARGE, or REQUEST_INVALID if it is nested too deeply
 */
export function encodePayload(payload: JsonObject): Uint8Array {
  const bytes = new TextEncoder().encode(written(payload));
  limitJson(bytes.length);
  return bytes;
}

function written(payload: JsonObject): string {
  try {
    return writeJson(payload);
  } catch {
    throw new RequestError('REQUEST_INVALID', 'The payload is nested too deeply.');
  }
}

/**
 * The body as a rule: JSON if the content type says so, else YAML, which includes JSON.
 * @throws VigilError RULE_INVALID with fields.issues unless the body is an object
 */
export async function readRule(c: Context): Promise<JsonObject> {
  const isJson = /[/+]json\b/.test(c.req.header('content-type') ?? '');
  const text = await c.req.text();
  try {
    return asObject(isJson ? parseJson(text) : parseYaml(text, { customTags: withWholeNumbers }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const format = isJson ? 'JSON' : 'YAML (content type application/yaml) or JSON (application/json)';
    throw new VigilError(
      'RULE_INVALID',
      `Send it as ${format}. ${message}`,
      { issues: [{ path: '', message }] },
      { cause: error },
    );
  }
}

export function asObject(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new SyntaxError('The body is not an object.');
}
