import type { CompiledRule } from './compile.ts';
import { LIMITS } from './limits.ts';
import type { Member } from './members.ts';
import { asRun, asSample, asSamples, asWindow, isWindow, type StoreState, type Slot } from './stores.ts';
import type { Value } from './value.ts';
import { condense } from './window.ts';

/*
 * A set's state goes from run to run in one Temporal payload, which has a hard limit. So every partition is weighed, in
 * bytes of JSON, generously: a set that grows heavy keeps its windows coarser, and then takes no further partitions.
 * Done with every event: so it counts, and writes no JSON.
 */

const PARTITION_BYTES = 180;
const ALERT_BYTES = 200;
const TRACE_BYTES = 70;
const MEMORY_BYTES = 70;
const RUN_BYTES = 40;
const SAMPLE_BYTES = 36;
const SLICE_BYTES = 200;
/** The longest number, `-1.2345678901234567e-100`. */
const NUMBER_BYTES = 24;
/** Slices of a window in a set that is too heavy. */
const COARSE_SLICES = 8;

export function weightOf({ slots, memories }: CompiledRule, { keyLength, partition }: Pick<Member, 'keyLength' | 'partition'>): number {
  let weight = PARTITION_BYTES + 2 * keyLength + memories * MEMORY_BYTES;
  for (let place = 0; place < slots.length; place++) weight += storeWeight(slots[place] as Slot, partition.stores[place] ?? null);
  if (partition.sequence !== undefined) weight += partition.sequence.runs.length * RUN_BYTES;
  if (partition.alert !== undefined) weight += ALERT_BYTES;
  if (partition.last?.trace !== undefined) weight += TRACE_BYTES;
  return weight;
}

function storeWeight({ kind }: Slot, state: StoreState): number {
  const text = LIMITS.comparedLength + SAMPLE_BYTES;
  switch (kind) {
    case 'latest':
      return 2 * SAMPLE_BYTES + valueWeight(asSample(state)?.[2] ?? null);
    case 'events':
    case 'numbers':
      return windowWeight(state, SAMPLE_BYTES, SLICE_BYTES);
    case 'values':
      return windowWeight(state, text, SLICE_BYTES + 2 * LIMITS.comparedLength);
    case 'distinct':
    case 'history':
      return asSamples(state).length * text;
    case 'run':
      return (asRun(state).samples.length + 1) * text;
  }
}

function valueWeight(value: Value): number {
  if (typeof value === 'string') return jsonLength(value);
  return typeof value === 'object' && value !== null ? jsonLength(value.json) : NUMBER_BYTES;
}

const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;
const jsonLength = (text: string): number => (ESCAPED.test(text) ? JSON.stringify(text).length : text.length + 2);

/** At least what it weighs when it is kept coarsely: that much is promised to every partition that is let in. */
function windowWeight(state: StoreState, sampleBytes: number, sliceBytes: number): number {
  const { samples, slices } = asWindow(state);
  return Math.max(samples.length * sampleBytes + slices.length * sliceBytes, (COARSE_SLICES + 1) * sliceBytes);
}

/** Makes a partition of a set that is too heavy lighter: its windows get coarser. Tells whether there was one. */
export function lighten(rule: CompiledRule, member: Member, nowMs: number): boolean {
  const { partition } = member;
  let lighter = false;
  rule.slots.forEach((slot, place) => {
    if (!isWindow(slot)) return;
    const window = asWindow(partition.stores[place] ?? null);
    if (window.samples.length + window.slices.length <= COARSE_SLICES) return;
    condense(window, COARSE_SLICES, slot.withinMs, nowMs);
    member.windows = [];
    lighter = true;
  });
  return lighter;
}
