import { fileURLToPath } from 'node:url';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** In the same tree as this file, whether it runs from the sources or from dist/. */
const workflowsFile = (name: string): string =>
  fileURLToPath(new URL(`../../../workflows/${name}.${EXTENSION}`, import.meta.url));
export const WORKFLOWS_PATH = workflowsFile('index');
export const SHARED_PATH = workflowsFile('shared/preload');
export const GUARD_PATH = workflowsFile('shared/guard');

/** Where the build puts the bundle: dist/workflow-bundle.js. */
export const BUNDLE_PATH = fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url));
