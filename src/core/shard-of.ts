import { laneOf } from './lane.ts';

/** The shard of a partition of a split set, by its key. */
export const shardOf = (key: string, shards: number): number => laneOf(key, shards);
