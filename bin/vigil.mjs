#!/usr/bin/env node
// The `vigil` command. Installs and builds first in a fresh clone.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(entry)) await import('../scripts/prepare.mjs');
await import(entry.href);
