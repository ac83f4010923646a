import { Runtime, type RuntimeOptions } from '@temporalio/worker';
import type { Log } from '../../../src/observability/log.ts';
import { installRuntime, type SdkMetrics } from '../../../src/temporal/worker/runtime.ts';

/* Test files share a process, which has one runtime of the Temporal SDK: a file replaces that of the one before. */

let ofVigil: Promise<SdkMetrics> | undefined;
let newest: Log;

/** The runtime of every vigil in this process. Its log goes to the newest one. */
export function runtimeOfVigil(log: Log): Promise<SdkMetrics> {
  newest = log;
  return (ofVigil ??= install({
    info: (...line) => newest.info(...line),
    warn: (...line) => newest.warn(...line),
    error: (...line) => newest.error(...line),
  }));
}

/** vigil's runtime for tests of its parts. */
export async function replaceRuntime(log: Log): Promise<SdkMetrics> {
  ofVigil = undefined;
  return install(log);
}

/** Another runtime, for tests of workflows without vigil. */
export async function replaceRuntimeBy(options: RuntimeOptions): Promise<void> {
  ofVigil = undefined;
  await Runtime.instance().shutdown();
  Runtime.install(options);
}

async function install(log: Log): Promise<SdkMetrics> {
  await Runtime.instance().shutdown();
  return installRuntime(log);
}
