import { jsonBytes } from '../primitives/text/bytes.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { PartitionEntry } from './partition-index.ts';
import { asRun, asSample, asSamples, asWindow } from '../windows/accumulators.ts';
import type { AlertState, SequenceState } from '../model/partition-set/partition-set-state.ts';
import type { Value } from '../primitives/value.ts';
import type { AccumulatorState, Accumulator, Sample } from '../model/partition-set/window-state.ts';

/*
 * A set's state moves from run to run in one Temporal payload, which has a hard limit. So every partition is weighed in
 * bytes of JSON, erring on the high side. Runs on every event, so it counts without writing JSON.
 */

const PARTITION_BYTES = 180;
const ALERT_BYTES = 200;
/** A level with its own times, with what is overdue. */
const LEVEL_BYTES = 180;
/** Names of what somebody did about an alert, and the time. */
const MARKS_BYTES = 60;
const TRACE_BYTES = 70;
const MEMORY_BYTES = 70;
const LATCHED_BYTES = 16;
const LATCH_BYTES = 70;
const RUN_BYTES = 40;
const MEASURED_BYTES = 36;
const FORGOTTEN_BYTES = 17;
/** The optional fields of a partial match. */
const COUNT_BYTES = 12;
const FROM_BYTES = 24;
const OVERDUE_BYTES = 32;
const UNWANTED_BYTES = 16;
const UNWANTED_TIME_BYTES = 16;
const KNOWN_BYTES = 28;
const SAMPLE_BYTES = 36;
/** What is around a value: a comma, a colon, and `{"json":…}` if it was cut. */
const VALUE_BYTES = 12;
const KEPT_NAME_BYTES = 10;
const SLICE_BYTES = 200;
const TEXT_SLICE_BYTES = SLICE_BYTES + 2 * LIMITS.comparedLength;
/** For numbers with many digits. */
const LONG_SAMPLE_BYTES = 52;
const LONG_SLICE_BYTES = 250;
/** The longest number, `-1.2345678901234567e-100`. */
const NUMBER_BYTES = 24;
/** The further number of a slice, with its name. */
const KEPT_BYTES = NUMBER_BYTES + 12;
/** A window of `last` without samples: its fields, and the neighbour before. */
const LAST_WINDOW_BYTES = 160;
/** Slices of a window in an overweight set. */
export const COARSE_SLICES = 8;
/** Minimum weight of a window, that of its coarse form: reserved for every partition from the start. */
const PROMISED_SLICES = COARSE_SLICES + 1;

export function weightOf(
  { slots, memories, measure }: CompiledRule,
  { keyBytes, partition }: Pick<PartitionEntry, 'keyBytes' | 'partition'>,
): number {
  let weight = PARTITION_BYTES + keyBytes + memories * MEMORY_BYTES;
  for (let place = 0; place < slots.length; place++)
    weight += accumulatorWeight(slots[place] as Accumulator, partition.stores[place] ?? null);
  if (partition.sequence !== undefined) weight += sequenceWeight(partition.sequence);
  if (partition.settings !== undefined) weight += settingsWeight(partition.settings);
  if (partition.knownSince !== undefined) weight += KNOWN_BYTES;
  if (partition.alert !== undefined) weight += alertWeight(partition.alert);
  if (partition.latched !== undefined) weight += LATCH_BYTES * (1 + partition.latched.length);
  if (partition.last?.trace !== undefined) weight += TRACE_BYTES;
  if (partition.last?.data !== undefined) weight += dataWeight(partition.last.data);
  if (measure !== null) weight += MEASURED_BYTES;
  if (partition.forgotten === true) weight += FORGOTTEN_BYTES;
  return weight;
}

function alertWeight({ levels, latched, acknowledged, snoozed, actedAt }: AlertState): number {
  const own = ALERT_BYTES + (levels?.length ?? 0) * LEVEL_BYTES + (latched === undefined ? 0 : LATCHED_BYTES);
  return actedAt === undefined ? own : own + MARKS_BYTES + jsonBytes(acknowledged) + jsonBytes(snoozed);
}

/** Of what the partition with this key made overdue. */
export const overdueWeight = (key: string): number => OVERDUE_BYTES + jsonBytes(key);

/** Of the values that settings brought, with the keys of their slots. */
export function settingsWeight(settings: Record<string, Sample> | undefined): number {
  let weight = 0;
  for (const [key, [, , value]] of Object.entries(settings ?? {}))
    weight += jsonBytes(key) + 2 * SAMPLE_BYTES + valueWeight(value);
  return weight;
}

function sequenceWeight({ runs, unwanted, recent, kept }: SequenceState): number {
  let weight = unwanted === undefined ? 0 : UNWANTED_BYTES + unwanted.length * UNWANTED_TIME_BYTES;
  if (recent !== undefined) for (const [, , data] of recent) weight += SAMPLE_BYTES + dataWeight(data);
  weight += valuesWeight(kept);
  for (const { count, from, overdueUntil, kept: values } of runs)
    weight +=
      RUN_BYTES +
      valuesWeight(values) +
      (count === undefined ? 0 : COUNT_BYTES) +
      (from === undefined ? 0 : FROM_BYTES) +
      (overdueUntil === undefined ? 0 : OVERDUE_BYTES);
  return weight;
}

function dataWeight(data: Readonly<Record<string, Value>>): number {
  let weight = KEPT_NAME_BYTES;
  for (const path in data) weight += jsonBytes(path) + VALUE_BYTES + valueWeight(data[path] ?? null);
  return weight;
}

function valuesWeight(values: readonly Value[] | undefined): number {
  let weight = KEPT_NAME_BYTES;
  if (values !== undefined) for (const value of values) weight += VALUE_BYTES + valueWeight(value);
  return weight;
}

export function accumulatorWeight({ kind, last }: Accumulator, state: AccumulatorState): number {
  const text = LIMITS.comparedLength + SAMPLE_BYTES;
  // It has no coarse form: nothing is reserved for it.
  if (last !== undefined) return LAST_WINDOW_BYTES + windowWeight(state, lastSampleBytes(kind, state), 0);
  switch (kind) {
    case 'latest':
      return 2 * SAMPLE_BYTES + valueWeight(asSample(state)?.[2] ?? null);
    case 'events':
    case 'numbers':
    case 'counter':
    case 'spread':
    case 'held': {
      const { long, keeps } = asWindow(state);
      const kept = keeps === undefined ? 0 : KEPT_BYTES;
      const [sampleBytes, sliceBytes] =
        long === true ? [LONG_SAMPLE_BYTES, LONG_SLICE_BYTES] : [SAMPLE_BYTES, SLICE_BYTES];
      return Math.max(windowWeight(state, sampleBytes, sliceBytes + kept), PROMISED_SLICES * (SLICE_BYTES + kept));
    }
    case 'values':
      return Math.max(windowWeight(state, text, TEXT_SLICE_BYTES), PROMISED_SLICES * TEXT_SLICE_BYTES);
    case 'distinct':
    case 'heldValues':
    case 'history':
      return asSamples(state).length * text;
    case 'run':
      return (asRun(state).samples.length + 1) * text;
  }
}

function lastSampleBytes(kind: Accumulator['kind'], state: AccumulatorState): number {
  if (kind === 'values') return LIMITS.comparedLength + SAMPLE_BYTES;
  return asWindow(state).long === true ? LONG_SAMPLE_BYTES : SAMPLE_BYTES;
}

function valueWeight(value: Value): number {
  if (typeof value === 'string') return jsonBytes(value);
  if (typeof value !== 'object' || value === null) return NUMBER_BYTES;
  if ('each' in value)
    return value.each.reduce<number>((sum, each) => sum + VALUE_BYTES + valueWeight(each), VALUE_BYTES);
  return jsonBytes('int' in value ? value.int : value.json);
}

function windowWeight(state: AccumulatorState, sampleBytes: number, sliceBytes: number): number {
  const { samples, slices } = asWindow(state);
  return samples.length * sampleBytes + slices.length * sliceBytes;
}
