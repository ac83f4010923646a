import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { BUNDLE_PATH, GUARD_PATH, SHARED_PATH, WORKFLOWS_PATH } from './workflow-paths.ts';

/**
 * Bundles the workflows; tests pass others. Run as a program (by the build), writes the bundle that the worker loads.
 */
export async function bundleWorkflows({
  workflowsPath = WORKFLOWS_PATH,
  preloadModules = [SHARED_PATH, GUARD_PATH],
} = {}): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, preloadModules, logger: quiet });
  return code;
}

const ignore = (): void => undefined;
const print = (message: string, meta?: object): void => console.error(message, meta ?? '');
const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: print, error: print };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(BUNDLE_PATH, await bundleWorkflows());
}
