import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const TESTS = /\.test\.ya?ml$/;
export const YAML = /\.ya?ml$/;

/**
 * Replaces every folder by the matching files in and below it, sorted. An unreadable path stays, so that reading it
 * reports the error.
 */
export async function withFolders(paths: readonly string[], names: RegExp): Promise<string[]> {
  return (await Promise.all(paths.map((path) => filesOf(path, names)))).flat();
}

async function filesOf(path: string, names: RegExp): Promise<string[]> {
  try {
    const inside = await readdir(path, { recursive: true });
    return inside
      .filter((name) => names.test(name))
      .map((name) => join(path, name))
      .sort();
  } catch {
    return [path];
  }
}
