import { testLostState } from './lost-state.ts';

await testLostState();
