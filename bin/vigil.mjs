#!/usr/bin/env node
// The `vigil` command. In a fresh clone it installs and builds first.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(entry)) await import('../scripts/prepare.mjs');
await import(entry.href);
