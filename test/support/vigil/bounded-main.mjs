// vigil as a process, with bounds that a test can reach: VIGIL_TEST_BOUNDS is `{"signalsPerRun", "split",
// "workerLimits"}`.
import { endProcess } from '../../../dist/src/app/end-process.js';
import { run } from '../../../dist/src/app/run.js';

endProcess(await run(process.argv.slice(2), process.env, JSON.parse(process.env['VIGIL_TEST_BOUNDS'])));
