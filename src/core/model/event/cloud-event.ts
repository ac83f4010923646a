import { VigilError } from '../../primitives/errors.ts';

/** What the headers of a message say of CloudEvents. */
export interface CloudEventHeaders {
  /** Media type of the message in lower case, if it is one of CloudEvents: structured, or a batch. */
  mediaType?: string;
  /** In binary mode, the attributes by lower-case name; the payload is the `data`. */
  attributes?: Readonly<Record<string, string>>;
}

/** The data of an event, and what its CloudEvent says of it. */
export interface Unwrapped {
  data: Record<string, unknown>;
  time?: unknown;
  trace?: unknown;
  /** Source and id: no two events of a sender have the same. */
  id?: string;
}

export const STRUCTURED = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
const OF_CLOUDEVENTS = /^application\/cloudevents(-batch)?($|\+)/;
const ATTRIBUTE = /^ce-([a-z\d]+)$/;

/** The media type of a content type, in lower case and without parameters. */
export const mediaTypeOf = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

/**
 * Reads the headers of a message: their names in any case, their values percent-encoded, as the binding for HTTP says.
 * Undefined if they say nothing of CloudEvents.
 */
export function cloudEventHeaders(
  headers: Iterable<readonly [name: string, value: string]>,
): CloudEventHeaders | undefined {
  let mediaType: string | undefined;
  let attributes: Record<string, string> | undefined;
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === 'content-type') mediaType = mediaTypeOf(value);
    const attribute = ATTRIBUTE.exec(lower)?.[1];
    if (attribute !== undefined) (attributes ??= {})[attribute] = decoded(value);
  }
  // In structured mode, headers may repeat attributes of the envelope.
  if (mediaType !== undefined && OF_CLOUDEVENTS.test(mediaType)) return { mediaType };
  const isBinary = attributes?.['specversion'] !== undefined || attributes?.['id'] !== undefined;
  return attributes !== undefined && isBinary ? { attributes } : undefined;
}

/** The headers of an event in binary mode. */
export const attributeHeaders = (attributes: Readonly<Record<string, string>>): [name: string, value: string][] =>
  Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encoded(value)]);

/** @throws VigilError EVENT_INVALID with `fields.reason` */
export function unwrap(payload: unknown, { mediaType, attributes }: CloudEventHeaders = {}): Unwrapped {
  if (mediaType?.startsWith('application/cloudevents-batch'))
    refuse('batch', 'A message is one event, not a batch: publish each as a message of its own, or the batch by HTTP.');
  if (mediaType !== undefined && mediaType !== STRUCTURED && mediaType !== 'application/cloudevents')
    refuse('cloudevents', `CloudEvents as ${mediaType} are not supported; send ${STRUCTURED}.`);
  if (!isObject(payload)) return refuse('not-an-object', 'The payload must be a JSON object.');
  if (attributes !== undefined) return { data: payload, ...contextOf(attributes) };
  if (typeof payload['specversion'] !== 'string' && mediaType === undefined) return { data: payload };
  const context = contextOf(payload);
  const data = payload['data'];
  if (!isObject(data)) return refuse('cloudevents', 'The `data` of the CloudEvents envelope must be a JSON object.');
  return { data, ...context };
}

function contextOf(attributes: Readonly<Record<string, unknown>>): Omit<Unwrapped, 'data'> {
  const { specversion, id, source, time, traceparent: trace } = attributes;
  for (const attribute of ['specversion', 'id', 'source', 'type']) {
    const value = attributes[attribute];
    if (typeof value !== 'string' || value === '')
      refuse('cloudevents', `The CloudEvents attribute "${attribute}" is missing or empty.`);
  }
  if (specversion !== '1.0')
    refuse('cloudevents', `CloudEvents ${String(specversion)} is not supported; send specversion 1.0.`);
  return { time, trace, id: JSON.stringify([source, id]) };
}

function decoded(value: string): string {
  const quoted = /^"(.*)"$/.exec(value)?.[1];
  const text = quoted === undefined ? value : quoted.replaceAll(/\\(.)/g, '$1');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const encoded = (value: string): string =>
  value.replaceAll(/[^\x21-\x7e]|["%]/gu, (character) => encodeURIComponent(character));

function refuse(reason: string, advice: string): never {
  throw new VigilError('EVENT_INVALID', advice, { reason });
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
