// Makes a clone ready to run: dependencies, then the build, each only when something changed.
import { installIfNeeded } from './install.mjs';

// The caller's folder is kept: file names on its command line are relative to it.
const callersFolder = process.cwd();
process.chdir(new URL('..', import.meta.url).pathname);
installIfNeeded();
await import('./build-if-needed.mjs');
process.chdir(callersFolder);
