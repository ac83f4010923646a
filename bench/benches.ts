import { growth } from './core/growth.ts';
import { memory } from './core/memory.ts';
import { routing } from './core/routing.ts';
import { speeds } from './core/speed.ts';
import type { Bench } from './row.ts';
import { burst } from './servers/burst.ts';
import { catchUp } from './servers/catch-up.ts';
import { fairness } from './servers/fairness.ts';
import { latency } from './servers/latency.ts';
import { manySets } from './servers/many-sets.ts';
import { reading } from './servers/reading.ts';

/** All benchmarks, in the order of execution and of the report. */
export const BENCHES: readonly Bench[] = [
  ...speeds,
  growth,
  memory,
  routing,
  reading,
  catchUp,
  manySets,
  fairness,
  latency,
  burst,
];

/** The benchmarks whose names start with one of the words; without words, all. */
export const benchesFor = (words: readonly string[]): Bench[] =>
  BENCHES.filter(
    ({ name }) => words.length === 0 || words.some((word) => name === word || name.startsWith(`${word}/`)),
  );
