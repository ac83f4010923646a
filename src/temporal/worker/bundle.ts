import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { FAILURES_PATH } from '../encryption/data-converter.ts';
import { BUNDLE_PATH, ENCRYPTED_BUNDLE_PATH, GUARD_PATH, SHARED_PATH, WORKFLOWS_PATH } from './workflow-paths.ts';

/**
 * Bundles the workflows; tests pass others. Run as a program (by the build), writes the bundles that the worker loads.
 * `isEncrypted`: what they fail with goes into payloads, as DataConverter says to the worker.
 */
export async function bundleWorkflows({
  workflowsPath = WORKFLOWS_PATH,
  preloadModules = [SHARED_PATH, GUARD_PATH],
  isEncrypted = false,
} = {}): Promise<string> {
  const { code } = await bundleWorkflowCode({
    ...{ workflowsPath, preloadModules, logger: quiet },
    ...(isEncrypted && { failureConverterPath: FAILURES_PATH }),
  });
  return code;
}

const ignore = (): void => undefined;
const print = (message: string, meta?: object): void => console.error(message, meta ?? '');
const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: print, error: print };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(BUNDLE_PATH, await bundleWorkflows());
  await writeFile(ENCRYPTED_BUNDLE_PATH, await bundleWorkflows({ isEncrypted: true }));
}
