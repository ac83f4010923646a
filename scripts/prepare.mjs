// Makes a clone ready to run: dependencies, then the build, each only when something changed.
import { installIfNeeded } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
installIfNeeded();
await import('./build-if-needed.mjs');
