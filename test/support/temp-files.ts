import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A temporary directory for a test file, removed after its last test. `write` creates a file and returns its path. */
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
