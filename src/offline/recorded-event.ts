import { VigilError } from '../core/primitives/errors.ts';
import { parseTime, toEvent, type VigilEvent } from '../core/model/event/event.ts';

export interface Arrival {
  /** Stands in for the stream sequence: increases from event to event. */
  sequence: number;
  /** When it arrives, epoch ms. */
  arrivesAtMs: number;
}

/**
 * Parses a recorded object with `clientId`, `type`, `time` and any other properties. It arrives at its event time, or
 * at `clockMs` if that is later: an event out of order is a late event. Times in epoch ms.
 * @throws VigilError EVENT_INVALID
 */
export function recordedEvent(value: unknown, sequence: number, clockMs: number): VigilEvent {
  const { time, timestamp } = fieldsOf(value);
  const said = time ?? timestamp;
  if (said === undefined || said === null) throw invalid('time', 'It needs a `time`: ISO 8601 or epoch milliseconds.');
  return arrivedEvent(value, { sequence, arrivesAtMs: Math.max(clockMs, parseTime(said) ?? clockMs) });
}

/** Like `recordedEvent`, with a given arrival. An event without `time` gets its arrival as event time. */
export function arrivedEvent(value: unknown, { sequence, arrivesAtMs }: Arrival): VigilEvent {
  const { clientId, type } = fieldsOf(value);
  if (typeof clientId !== 'string' || clientId === '') throw invalid('client-id', 'It needs a string `clientId`.');
  if (typeof type !== 'string' || type === '') throw invalid('type', 'It needs a string `type`.');
  return toEvent({ subject: `events.${clientId}.${type}`, payload: value, sequence, storedAtMs: arrivesAtMs });
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid('not-an-object', 'It must be a JSON object.');
}

const invalid = (reason: string, advice: string): VigilError => new VigilError('EVENT_INVALID', advice, { reason });
