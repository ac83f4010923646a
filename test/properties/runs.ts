const { RUNS, SEED } = process.env;

/** How many random rules, each with its own stream; for more: `RUNS=50000 npx vitest run test/properties`. */
export const runsOr = (fallback: number): number => Number(RUNS ?? fallback);

/** The same rules and streams again: `SEED=13`. */
export const seeded: { seed?: number } = SEED === undefined ? {} : { seed: Number(SEED) };
