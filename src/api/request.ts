import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parse as parseYaml } from 'yaml';
import { VigilError } from '../core/primitives/errors.ts';
import { parseJson } from '../core/primitives/text/parse-json.ts';
import { withWholeNumbers } from '../core/primitives/text/yaml-tags.ts';
import { writeJson } from '../core/primitives/text/write-json.ts';
import { ID_PATTERN } from '../core/model/ids.ts';
import { RequestError } from './errors.ts';

const MAX_BODY_BYTES = 256 * 1024;

/** An event type is the rest of a NATS subject: tokens without wildcards, separated by dots. */
const TYPE_PATTERN = /^(?=.{1,128}$)[\w-]+(?:\.[\w-]+)*$/;

export type JsonObject = Record<string, unknown>;

export const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new RequestError('BODY_TOO_LARGE', `The limit is ${MAX_BODY_BYTES / 1024} KB.`, { maxBytes: MAX_BODY_BYTES });
  },
});

/** vigil publishes the re-serialized JSON, which can be longer (`1e20`). NATS accepts 1 MB by default. */
const MAX_JSON_BYTES = 2 * MAX_BODY_BYTES;

/** @throws RequestError BODY_TOO_LARGE if an event has more bytes than vigil publishes */
export function limitJson(bytes: number): void {
  if (bytes <= MAX_JSON_BYTES) return;
  throw new RequestError('BODY_TOO_LARGE', `Its serialized JSON has ${bytes} bytes; the limit is ${MAX_JSON_BYTES}.`, {
    maxBytes: MAX_JSON_BYTES,
  });
}

/** @throws RequestError REQUEST_INVALID */
export function clientIdOf(c: Context): string {
  const clientId = c.req.param('clientId') ?? '';
  if (ID_PATTERN.test(clientId)) return clientId;
  throw new RequestError(
    'REQUEST_INVALID',
    'A client id has 1 to 64 characters of a-z, 0-9 and "-", and starts with a letter or digit.',
    { clientId },
  );
}

/** @throws VigilError EVENT_INVALID */
export function eventTypeOf(c: Context): string {
  const type = c.req.param('type') ?? '';
  if (TYPE_PATTERN.test(type)) return type;
  throw new VigilError(
    'EVENT_INVALID',
    'An event type has up to 128 letters, digits, "-" and "_", in parts separated by dots.',
    { type },
  );
}

/** The body as an event. @throws VigilError EVENT_INVALID unless it is a JSON object */
export async function readEvent(c: Context): Promise<JsonObject> {
  try {
    return asObject(parseJson(await c.req.text()));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new VigilError('EVENT_INVALID', `Send a JSON object. ${error.message}`, {}, { cause: error });
  }
}

/** The body as a JSON object. @throws RequestError REQUEST_INVALID with the advice */
export async function readObject(c: Context, advice: string): Promise<JsonObject> {
  try {
    return asObject(parseJson(await c.req.text()));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestError('REQUEST_INVALID', `${advice} ${error.message}`);
  }
}

/**
 * What to replay instead of the original event: `{subject?, payload?}`, where payload is a JSON object. An empty body
 * means no changes.
 * @throws RequestError REQUEST_INVALID, BODY_TOO_LARGE
 */
export async function readReplay(c: Context): Promise<{ subject?: string; payload?: Uint8Array }> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  try {
    const { subject, payload, ...others } = asObject(parseJson(text));
    if (Object.keys(others).length > 0 || !(subject === undefined || typeof subject === 'string'))
      throw new SyntaxError('There is an unknown key, or "subject" is not a string.');
    const bytes = payload === undefined ? undefined : new TextEncoder().encode(writeJson(asObject(payload, 'payload')));
    if (bytes !== undefined) limitJson(bytes.length);
    return { ...(subject !== undefined && { subject }), ...(bytes !== undefined && { payload: bytes }) };
  } catch (error) {
    if (error instanceof RequestError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new RequestError(
      'REQUEST_INVALID',
      `Send no body, or {"subject": "events.<clientId>.<type>", "payload": {…}} with one or both keys. ${message}`,
    );
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

function asObject(value: unknown, what = 'body'): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new SyntaxError(`The ${what} is not an object.`);
}
