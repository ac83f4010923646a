import { fnv1a } from '../primitives/text/hash.ts';

/** The shard of a partition, by its key. */
export const shardOf = (key: string, shards: number): number => fnv1a(key) % shards;
