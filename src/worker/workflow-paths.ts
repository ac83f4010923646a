import { fileURLToPath } from 'node:url';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Beside this file, whether it runs from the sources or from dist/. */
export const WORKFLOWS_PATH = fileURLToPath(new URL(`../../workflows/index.${EXTENSION}`, import.meta.url));

/** Where the build puts the bundle: dist/workflow-bundle.js. */
export const BUNDLE_PATH = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
