import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const TESTS = /\.test\.ya?ml$/;
export const YAML = /\.ya?ml$/;

/** Puts in place of every folder the files in it and below whose names match, sorted. What cannot be read stays, and says so where it is read. */
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
