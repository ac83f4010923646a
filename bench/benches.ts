import { growth } from './core/growth.ts';
import { memory } from './core/memory.ts';
import { routing } from './core/routing.ts';
import { speeds } from './core/speed.ts';
import type { Bench } from './row.ts';
import { catchUp } from './servers/catch-up.ts';
import { fairness } from './servers/fairness.ts';
import { latency } from './servers/latency.ts';
import { manySets } from './servers/many-sets.ts';

/** All benches, in the order in which they are run and reported. */
export const BENCHES: readonly Bench[] = [...speeds, growth, memory, routing, catchUp, manySets, fairness, latency];

/** Those whose names begin with one of the words; all without any. */
export const benchesFor = (words: readonly string[]): Bench[] =>
  BENCHES.filter(
    ({ name }) => words.length === 0 || words.some((word) => name === word || name.startsWith(`${word}/`)),
  );
