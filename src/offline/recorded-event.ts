import { VigilError } from '../core/primitives/errors.ts';
import { parseTime, toEvent, type VigilEvent } from '../core/model/event.ts';

export interface Arrival {
  /** Stands for the stream sequence: grows from event to event. */
  sequence: number;
  /** When it arrives, epoch ms. */
  arrivesAtMs: number;
}

/**
 * An event from a recorded object, which says itself whose it is: `clientId`, `type`, `time`, any further properties. It
 * arrives at its own time, or at `clockMs` if that is later: an event out of order is a late one.
 * @throws VigilError EVENT_INVALID
 */
export function recordedEvent(value: unknown, sequence: number, clockMs: number): VigilEvent {
  const { time, timestamp } = fieldsOf(value);
  const said = time ?? timestamp;
  if (said === undefined || said === null) throw invalid('time', 'It has no `time`: ISO 8601 or epoch milliseconds.');
  return arrivedEvent(value, { sequence, arrivesAtMs: Math.max(clockMs, parseTime(said) ?? clockMs) });
}

/** As `recordedEvent`, with the arrival told. An event without `time` happened when it arrived. */
export function arrivedEvent(value: unknown, { sequence, arrivesAtMs }: Arrival): VigilEvent {
  const { clientId, type } = fieldsOf(value);
  if (typeof clientId !== 'string' || clientId === '') throw invalid('client-id', 'It needs a text for `clientId`.');
  if (typeof type !== 'string' || type === '') throw invalid('type', 'It needs a text for `type`.');
  return toEvent({ subject: `events.${clientId}.${type}`, payload: value, sequence, storedAtMs: arrivesAtMs });
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid('not-an-object', 'It must be a JSON object.');
}

const invalid = (reason: string, advice: string): VigilError => new VigilError('EVENT_INVALID', advice, { reason });
