import { VigilError } from '../../primitives/errors.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { writeJson } from '../../primitives/text/write-json.ts';
import { unwrap, type CloudEventHeaders } from './cloud-event.ts';
import { ID_PATTERN } from '../ids.ts';

/** A message as the stream stored it. */
export interface StoredMessage {
  subject: string;
  /** Parsed JSON of the payload. */
  payload: unknown;
  /** Stream sequence. */
  sequence: number;
  /** When the stream stored it, epoch ms. */
  storedAtMs: number;
  /** W3C Trace Context from the message headers. */
  traceparent?: string | undefined;
  /** Absent if the headers say nothing of CloudEvents. */
  cloudEvent?: CloudEventHeaders | undefined;
}

/** An event that rules can match. `data` is the sender's object, plus `clientId` and `type` from the subject. */
export interface VigilEvent {
  clientId: string;
  type: string;
  sequence: number;
  /** Event time, epoch ms: from the sender, else when the stream stored the event. */
  timeMs: number;
  /** Arrival: when the stream stored it, epoch ms. */
  storedAtMs: number;
  data: Record<string, unknown>;
  /** W3C Trace Context of the trace that the event belongs to. */
  trace?: string;
  /** Source and id of a CloudEvent. */
  id?: string;
}

/**
 * Parses a message on `events.<clientId>.<type>`: a JSON object, or a CloudEvent 1.0 with one as its data, in binary
 * mode or in a JSON envelope.
 * @throws VigilError EVENT_INVALID with `fields.reason`; such a message belongs in the dead letters
 */
export function toEvent(message: StoredMessage): VigilEvent {
  const { clientId, type } = readSubject(message.subject);
  if (!ID_PATTERN.test(clientId))
    refuse(
      'client-id',
      `The subject "${message.subject}" has no valid client id; publish on events.<clientId>.<type>.`,
    );
  if (type === '') refuse('type', `The subject "${message.subject}" has no type; publish on events.<clientId>.<type>.`);
  if (WILDCARD.test(type)) refuse('type', `The type "${type}" has a wildcard; no part of it may be "*" or ">".`);

  const envelope = unwrap(message.payload, message.cloudEvent);
  const { data } = envelope;
  repeats(data, 'clientId', clientId);
  repeats(data, 'type', type);
  const timeMs = readTime(data['time'] ?? data['timestamp'] ?? envelope.time, message.storedAtMs);
  // Names first: adding them to an existing copy would cost more than parsing.
  const named = { clientId, type, ...data };
  const event: VigilEvent = {
    clientId,
    type,
    sequence: message.sequence,
    timeMs,
    storedAtMs: message.storedAtMs,
    data: named,
  };
  const trace = isTraceparent(envelope.trace) ? envelope.trace : message.traceparent;
  if (isTraceparent(trace)) event.trace = trace;
  if (envelope.id !== undefined) event.id = envelope.id;
  return event;
}

/** NATS stores such a subject, for example from MQTT, but nobody can subscribe to it alone. */
const WILDCARD = /(^|\.)[*>](\.|$)/;

/** `events.<clientId>.<type>`: the type is the rest of the subject, dots included. */
function readSubject(subject: string): { clientId: string; type: string } {
  const clientAt = subject.indexOf('.') + 1;
  const typeAt = subject.indexOf('.', clientAt) + 1;
  if (clientAt === 0) return { clientId: '', type: '' };
  if (typeAt === 0) return { clientId: subject.slice(clientAt), type: '' };
  return { clientId: subject.slice(clientAt, typeAt - 1), type: subject.slice(typeAt) };
}

/**
 * Version 00 of W3C Trace Context. Anything else is ignored, as the standard says: a bad trace never invalidates an
 * event.
 */
const TRACEPARENT = /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
const isTraceparent = (value: unknown): value is string => typeof value === 'string' && TRACEPARENT.test(value);

function repeats(data: Record<string, unknown>, property: 'clientId' | 'type', subjectSays: string): void {
  if (!Object.hasOwn(data, property) || data[property] === subjectSays) return;
  refuse(
    `wrong-${property === 'type' ? 'type' : 'client'}`,
    `The payload has ${property} ${writeJson(data[property])}, but the subject has "${subjectSays}".`,
  );
}

/** ISO 8601 with optional seconds. Without an offset it is UTC, so that the host's time zone does not matter. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Epoch ms of an ISO 8601 string or an epoch-ms number; undefined for anything else. */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) && Math.abs(value) <= MAX_DATE_MS ? Math.trunc(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const match = ISO_TIME.exec(value);
  if (!match) return undefined;
  const dateOnly = value.length === 10;
  const ms = Date.parse(dateOnly || match[1] !== undefined ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The largest time that a JavaScript Date can hold, before and after 1970. */
const MAX_DATE_MS = 8.64e15;

function readTime(value: unknown, storedAtMs: number): number {
  if (value === undefined || value === null) return storedAtMs;
  const timeMs = parseTime(value);
  if (timeMs === undefined)
    return refuse(
      'time',
      `The time ${writeJson(value).slice(0, 100)} is not valid; send ISO 8601 or epoch milliseconds.`,
    );
  if (timeMs > storedAtMs + LIMITS.futureToleranceMs)
    refuse(
      'future',
      `The time ${new Date(timeMs).toISOString()} is more than 5 minutes ahead of the stream; check the sender's clock.`,
    );
  return timeMs;
}

function refuse(reason: string, advice: string): never {
  throw new VigilError('EVENT_INVALID', advice, { reason });
}
