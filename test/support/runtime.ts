import { Runtime, type RuntimeOptions } from '@temporalio/worker';
import { installRuntime, type SdkMetrics } from '../../src/temporal/worker/runtime.ts';

/** vigil's runtime of the Temporal SDK. Test files share a process, which has one: it replaces that of the last file. */
export async function replaceRuntime(log: Parameters<typeof installRuntime>[0]): Promise<SdkMetrics> {
  await Runtime.instance().shutdown();
  return installRuntime(log);
}

/** A runtime without logs, for tests in which work fails on purpose. */
export async function replaceRuntimeBy(options: RuntimeOptions): Promise<void> {
  await Runtime.instance().shutdown();
  Runtime.install(options);
}
