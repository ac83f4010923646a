import type { LeafMemory, PartitionSetState, PartitionState } from '../model/partition-set/partition-set-state.ts';
import type { AccumulatorState } from '../model/partition-set/window-state.ts';
import { checkVersion } from '../partition-set/migrate-state.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import { packRows, unpackRows, type Rows } from './rows.ts';

/*
 * What passes between workflows and runs. In memory, and for readers, a state is plain: names and defaults in every
 * partition. Packed, it is a small part of that, so a payload has room for many more partitions.
 */

/** A state whose partitions are packed by column. Stored names. */
export type PackedState<S extends PartitionSetState = PartitionSetState> = Omit<S, 'partitions'> & { packed: Rows };

/** As a run gets it: older builds wrote it plainly. */
export type StoredState<S extends PartitionSetState = PartitionSetState> = S | PackedState<S>;

/** Accumulators and memories by slot: each has a column of its own. */
type Row = Omit<PartitionState, 'stores' | 'memory'> & {
  stores: Record<string, AccumulatorState>;
  memory: Record<string, LeafMemory>;
};

const bySlot = <T>(values: readonly T[]): Record<string, T> => Object.fromEntries(values.entries());

export function packState<S extends PartitionSetState>({ partitions, ...rest }: S): PackedState<S> {
  const rows = Object.values(partitions).map((each): Row => {
    return { ...each, stores: bySlot(each.stores), memory: bySlot(each.memory) };
  });
  return { ...rest, packed: packRows(rows) };
}

/**
 * Reads a state of this or an older build.
 * @throws VigilError STATE_VERSION_UNKNOWN
 */
export function unpackState<S extends PartitionSetState>(stored: StoredState<S>): S {
  checkVersion(stored);
  if (!('packed' in stored)) return stored;
  const { packed, ...rest } = stored;
  const partitions = (unpackRows(packed) as Row[]).map(({ stores, memory, ...each }): [string, PartitionState] => [
    partitionKey(each.key),
    { ...each, stores: Object.values(stores), memory: Object.values(memory) },
  ]);
  return { ...rest, partitions: Object.fromEntries(partitions) } as unknown as S;
}
