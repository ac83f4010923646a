import { testLostState } from './lost-state.ts';

/** Splits a set at about its third machine. */
await testLostState({ atBytes: 800, shards: 2 });
