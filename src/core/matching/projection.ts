import { jsonBytes } from '../primitives/text/bytes.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { VigilEvent } from '../model/event/event.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { ProjectedEvent } from '../model/event/projected-event.ts';
import { boundValue, firstElements, isElements, showValue, type Value } from '../primitives/value.ts';
import { isWholeNumber } from '../primitives/numbers/whole-number.ts';

export function projectEvent(rule: CompiledRule, event: VigilEvent): ProjectedEvent {
  const data: Record<string, Value> = {};
  for (const { path, read } of rule.reads) {
    const value = boundValue(read(event.data));
    if (value !== undefined) data[path] = value;
  }
  if (rule.reads.length > READS_THAT_FIT) fit(rule, data);
  const own: ProjectedEvent = { seq: event.sequence, time: event.timeMs, at: event.storedAtMs, data };
  if (event.trace !== undefined) own.trace = event.trace;
  if (rule.forgets?.(event.data) === true && rule.partitionOf(event.data) !== undefined) own.forgets = true;
  else if (rule.settings?.matches(event.data) === true) own.isSettings = true;
  return own;
}

/** Of a control character in JSON. */
const BYTES_OF_CHARACTER = 6;

/** A string of control characters, stored as `{"json":"…"}`; the elements of a list take less (LIMITS.elementsBytes). */
export const LARGEST_VALUE_BYTES = BYTES_OF_CHARACTER * LIMITS.textLength + 11;

export const READS_THAT_FIT = Math.floor(LIMITS.eventBytes / LARGEST_VALUE_BYTES);

/** Cuts the longest strings and lists until the values fit into LIMITS.eventBytes; values of `partitionBy` stay whole. */
export function fit({ partitionBy }: CompiledRule, data: Record<string, Value>): void {
  const values = Object.entries(data);
  for (let length = LIMITS.textLength / 2; sumOf(data) > LIMITS.eventBytes && length > 1; length /= 2) {
    for (const [path, value] of values) {
      if (isElements(value)) {
        data[path] = firstElements(value, length * BYTES_OF_CHARACTER);
        continue;
      }
      const text = showValue(value);
      if (typeof text === 'string' && text.length > length && !partitionBy.includes(path))
        data[path] = { json: text.slice(0, length) };
    }
  }
}

export const sumOf = (data: Readonly<Record<string, Value>>): number =>
  Object.values(data).reduce((sum: number, value) => sum + jsonBytes(value), 0);

/** Bytes of an event without data and names: three numbers, a trace, `forgets`, and punctuation. */
export const FRAME_BYTES = 180;

/** Bytes of a value that is not a string, and of the punctuation around any value. */
export const SHORT_BYTES = 26;

/** Upper bound of a projected event's JSON bytes: its size in a signal. */
export function projectedEventBytes({ reads }: CompiledRule, { data }: ProjectedEvent): number {
  let bytes = FRAME_BYTES;
  for (const { path, pathBytes } of reads) {
    const value = data[path];
    if (value === undefined) continue;
    const text = isElements(value) ? null : showValue(value);
    if (isElements(value)) bytes += jsonBytes(value.each);
    bytes += pathBytes + SHORT_BYTES + (typeof text === 'string' || isWholeNumber(text) ? jsonBytes(text) : 0);
  }
  return bytes;
}

/** The form of an event whose group the rule has no room for. */
export const overflowEvent = ({ sequence, timeMs, storedAtMs }: VigilEvent): ProjectedEvent => ({
  seq: sequence,
  time: timeMs,
  at: storedAtMs,
  data: {},
  isLeftOut: true,
});
