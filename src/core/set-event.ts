import { jsonBytes } from './bytes.ts';
import type { CompiledRule } from './compile.ts';
import type { VigilEvent } from './event.ts';
import { LIMITS } from './limits.ts';
import { boundValue, showValue, type Value } from './value.ts';

/**
 * An event as one set receives it: only the properties that its rule reads, by their paths. So a signal stays small
 * whatever tenants send, and shows in the Temporal UI what the rule saw.
 */
export interface SetEvent {
  /** Stream sequence. */
  seq: number;
  /** Event time, epoch ms. */
  time: number;
  /** When the stream stored it, epoch ms. */
  at: number;
  data: Record<string, Value>;
  /** W3C Trace Context, if it belongs to a trace. */
  trace?: string;
  /** It belongs to none of the rule's groups, and there is no room for its own: it only says so. */
  isLeftOut?: true;
}

export function toSetEvent(rule: CompiledRule, event: VigilEvent): SetEvent {
  const data: Record<string, Value> = {};
  for (const { path, read } of rule.reads) {
    const value = boundValue(read(event.data));
    if (value !== undefined) data[path] = value;
  }
  if (rule.reads.length > READS_THAT_FIT) fit(rule, data);
  const own: SetEvent = { seq: event.sequence, time: event.timeMs, at: event.storedAtMs, data };
  if (event.trace !== undefined) own.trace = event.trace;
  return own;
}

/** A text of control characters, each of which JSON writes with 6 bytes, kept as `{"json":"…"}`. */
const LARGEST_VALUE_BYTES = 6 * LIMITS.textLength + 11;
const READS_THAT_FIT = Math.floor(LIMITS.eventBytes / LARGEST_VALUE_BYTES);

/** Cuts the longest texts until the values fit into LIMITS.eventBytes; what says whose event it is stays whole. */
function fit({ partitionBy }: CompiledRule, data: Record<string, Value>): void {
  const values = Object.entries(data);
  for (let length = LIMITS.textLength / 2; sumOf(data) > LIMITS.eventBytes && length > 1; length /= 2) {
    for (const [path, value] of values) {
      const text = showValue(value);
      if (typeof text === 'string' && text.length > length && !partitionBy.includes(path)) data[path] = { json: text.slice(0, length) };
    }
  }
}

const sumOf = (data: Readonly<Record<string, Value>>): number => Object.values(data).reduce((sum: number, value) => sum + jsonBytes(value), 0);

/** Of an event without data and names: three numbers, a trace, and what stands between them. */
const FRAME_BYTES = 180;
/** Of a value that is no text, and of what stands around any. */
const SHORT_BYTES = 26;

/** Bytes of an event of a set as JSON, at most: what a signal with it takes. */
export function setEventBytes({ reads }: CompiledRule, { data }: SetEvent): number {
  let bytes = FRAME_BYTES;
  for (const { path, pathBytes } of reads) {
    const value = data[path];
    if (value === undefined) continue;
    const text = showValue(value);
    bytes += pathBytes + SHORT_BYTES + (typeof text === 'string' ? jsonBytes(text) : 0);
  }
  return bytes;
}

/** What a set hears of an event for whose group there is no room. */
export const leftOutEvent = ({ sequence, timeMs, storedAtMs }: VigilEvent): SetEvent => ({ seq: sequence, time: timeMs, at: storedAtMs, data: {}, isLeftOut: true });

/** Before anything is changed: what is not an event must leave no trace in the state. @throws TypeError */
export function assertSetEvent(event: SetEvent): void {
  const sound = Number.isSafeInteger(event.seq) && Number.isFinite(event.time) && Number.isFinite(event.at) && typeof event.data === 'object' && (event.data as unknown) !== null;
  if (!sound) throw new TypeError(`not an event of a set: ${JSON.stringify(event).slice(0, 200)}`);
}
