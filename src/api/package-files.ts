import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** This file runs from src/api or from dist/src/api. */
const packageRoot = new URL(import.meta.url.includes('/dist/src/') ? '../../../' : '../../', import.meta.url);

/** The path of a file or folder of vigil's package. */
export const packagePath = (path: string): string => fileURLToPath(new URL(path, packageRoot));

export const packageVersion = (): string =>
  (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version;
