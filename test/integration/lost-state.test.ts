import { testLostState } from '../support/lost-state.ts';

await testLostState();
