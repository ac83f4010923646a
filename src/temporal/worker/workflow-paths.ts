import { fileURLToPath } from 'node:url';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** A workflow file in the same tree as this file: the sources or dist/. */
const workflowsFile = (name: string): string =>
  fileURLToPath(new URL(`../../../workflows/${name}.${EXTENSION}`, import.meta.url));
export const WORKFLOWS_PATH = workflowsFile('index');
export const SHARED_PATH = workflowsFile('sandbox/preload');
export const GUARD_PATH = workflowsFile('sandbox/guard');

/** The bundle that the build writes: dist/workflow-bundle.js. */
export const BUNDLE_PATH = fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url));
/** The same with failures whose texts are encrypted. */
export const ENCRYPTED_BUNDLE_PATH = fileURLToPath(new URL('../../../workflow-bundle-encrypted.js', import.meta.url));
