import type { PartitionSetState } from '../../../src/core/model/partition-set/partition-set-state.ts';
import { packState, unpackState, type StoredState } from '../../../src/core/packing/pack-state.ts';

/** A state as the next run gets it. */
export const nextRunOf = <S extends PartitionSetState>(state: S): S =>
  unpackState(JSON.parse(JSON.stringify(packState(state))) as StoredState<S>);
