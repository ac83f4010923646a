import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { entryFromPs, processEntry } from '../../src/dev-servers/processes/process-table.ts';

test('a process entry has the parent and the full command line', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', 'one (odd) name'], {
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;

  const entry = await processEntry(pid);
  expect(entry?.parentPid).toBe(process.pid);
  expect(entry?.command).toContain('one (odd) name');
  // Both implementations agree where both exist.
  if (existsSync('/proc/self/stat')) expect(await entryFromPs(pid)).toEqual(entry);

  child.kill();
  await once(child, 'exit');
  expect(await processEntry(pid)).toBeNull();
  expect(await entryFromPs(pid)).toBeNull();
});
