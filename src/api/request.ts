import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parse as parseYaml } from 'yaml';
import { VigilError } from '../core/primitives/errors.ts';
import { ID_PATTERN } from '../core/model/ids.ts';
import { RequestError } from './errors.ts';

const MAX_BODY_BYTES = 256 * 1024;

/** An event type is the rest of a NATS subject: tokens without wildcards, joined by dots. */
const TYPE_PATTERN = /^(?=.{1,128}$)[\w-]+(?:\.[\w-]+)*$/;

export type JsonObject = Record<string, unknown>;

export const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new RequestError('BODY_TOO_LARGE', `Send ${MAX_BODY_BYTES / 1024} KB at most.`, { maxBytes: MAX_BODY_BYTES });
  },
});

/** What is published is JSON written anew, and `1e20` becomes longer: NATS takes 1 MB. */
const MAX_JSON_BYTES = 2 * MAX_BODY_BYTES;

/** @throws RequestError BODY_TOO_LARGE for more bytes than are published as one event */
export function limitJson(bytes: number): void {
  if (bytes <= MAX_JSON_BYTES) return;
  throw new RequestError(
    'BODY_TOO_LARGE',
    `It has ${bytes} bytes when its JSON is written anew; ${MAX_JSON_BYTES} bytes is the most.`,
    { maxBytes: MAX_JSON_BYTES },
  );
}

/** @throws RequestError REQUEST_INVALID */
export function clientIdOf(c: Context): string {
  const clientId = c.req.param('clientId') ?? '';
  if (ID_PATTERN.test(clientId)) return clientId;
  throw new RequestError(
    'REQUEST_INVALID',
    'A client id is 1 to 64 of a-z, 0-9 and "-", and starts with a letter or digit.',
    { clientId },
  );
}

/** @throws VigilError EVENT_INVALID */
export function eventTypeOf(c: Context): string {
  const type = c.req.param('type') ?? '';
  if (TYPE_PATTERN.test(type)) return type;
  throw new VigilError(
    'EVENT_INVALID',
    'A type is letters, digits, "-" and "_", in parts joined by dots, 128 at most.',
    { type },
  );
}

/** @throws VigilError EVENT_INVALID unless the body is a JSON object */
export async function readEvent(c: Context): Promise<JsonObject> {
  try {
    return asObject(JSON.parse(await c.req.text()));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new VigilError('EVENT_INVALID', `Send a JSON object. ${error.message}`, {}, { cause: error });
  }
}

/**
 * What a replay shall be instead of the dead letter as it is: `{subject?, payload?}`, the payload a JSON object. No body: nothing.
 * @throws RequestError REQUEST_INVALID, BODY_TOO_LARGE
 */
export async function readReplay(c: Context): Promise<{ subject?: string; payload?: Uint8Array }> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  try {
    const { subject, payload, ...others } = asObject(JSON.parse(text));
    if (Object.keys(others).length > 0 || !(subject === undefined || typeof subject === 'string'))
      throw new SyntaxError('There is another key, or a subject that is no text.');
    const bytes =
      payload === undefined ? undefined : new TextEncoder().encode(JSON.stringify(asObject(payload, 'payload')));
    if (bytes !== undefined) limitJson(bytes.length);
    return { ...(subject !== undefined && { subject }), ...(bytes !== undefined && { payload: bytes }) };
  } catch (error) {
    if (error instanceof RequestError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new RequestError(
      'REQUEST_INVALID',
      `Send nothing, or {"subject": "events.<clientId>.<type>", "payload": {…}} with one or both of them. ${message}`,
    );
  }
}

/**
 * A rule as it was sent: JSON when the content type says so, else YAML, which takes JSON too.
 * @throws VigilError RULE_INVALID with fields.issues unless it is an object
 */
export async function readRule(c: Context): Promise<JsonObject> {
  const isJson = /[/+]json\b/.test(c.req.header('content-type') ?? '');
  const text = await c.req.text();
  try {
    return asObject(isJson ? JSON.parse(text) : parseYaml(text));
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
