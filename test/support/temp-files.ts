import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder of a test file's own, gone after its last test. Returns what writes a file into it, and resolves its path. */
export function tempFiles(): { folder: string; write: (name: string, content: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    write(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
  };
}
