// Prepares a clone: installs dependencies and builds, each only if something changed.
import { installIfNeeded } from './install.mjs';

// Restores the working directory, because file names on the command line are relative to it.
const callersDirectory = process.cwd();
process.chdir(new URL('..', import.meta.url).pathname);
installIfNeeded();
await import('./build-if-needed.mjs');
process.chdir(callersDirectory);
