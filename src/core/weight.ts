import type { CompiledRule } from './compile.ts';
import { LIMITS } from './limits.ts';
import type { PartitionState } from './state.ts';
import { asRun, asSamples, asWindow, type StoreState, type Slot } from './stores.ts';
import { condense } from './window.ts';

/*
 * A set's state goes from run to run in one Temporal payload, which has a hard limit. So every partition is weighed, in
 * bytes of JSON, generously: a set that grows heavy keeps its windows coarser, and then takes no further partitions.
 */

const PARTITION_BYTES = 180;
const ALERT_BYTES = 200;
const TRACE_BYTES = 70;
const MEMORY_BYTES = 70;
const RUN_BYTES = 40;
const SAMPLE_BYTES = 36;
const SLICE_BYTES = 200;
/** Slices of a window in a set that is too heavy. */
const COARSE_SLICES = 8;

export function weightOf(rule: CompiledRule, partition: PartitionState): number {
  const stores = rule.slots.reduce((sum, slot, place) => sum + storeWeight(slot, partition.stores[place] ?? null), 0);
  const runs = (partition.sequence?.runs.length ?? 0) * RUN_BYTES;
  const alert = partition.alert === undefined ? 0 : ALERT_BYTES;
  const trace = partition.last?.trace === undefined ? 0 : TRACE_BYTES;
  return PARTITION_BYTES + trace + 2 * JSON.stringify(partition.key).length + stores + partition.memory.length * MEMORY_BYTES + runs + alert;
}

function storeWeight({ kind }: Slot, state: StoreState): number {
  const text = LIMITS.comparedLength + SAMPLE_BYTES;
  switch (kind) {
    case 'latest':
      return SAMPLE_BYTES + JSON.stringify(state).length;
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

/** At least what it weighs when it is kept coarsely: that much is promised to every partition that is let in. */
function windowWeight(state: StoreState, sampleBytes: number, sliceBytes: number): number {
  const { samples, slices } = asWindow(state);
  return Math.max(samples.length * sampleBytes + slices.length * sliceBytes, (COARSE_SLICES + 1) * sliceBytes);
}

/** Makes a partition of a set that is too heavy lighter: its windows get coarser. Tells whether there was one. */
export function lighten(rule: CompiledRule, partition: PartitionState): boolean {
  let lighter = false;
  rule.slots.forEach(({ kind, withinMs }, place) => {
    if (kind !== 'events' && kind !== 'numbers' && kind !== 'values') return;
    const window = asWindow(partition.stores[place] ?? null);
    if (window.samples.length + window.slices.length <= COARSE_SLICES) return;
    condense(window, withinMs, COARSE_SLICES);
    lighter = true;
  });
  return lighter;
}
