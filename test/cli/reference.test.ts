import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/cli.ts';
import { cliReference } from '../support/cli-reference.ts';

it('docs/cli.md has every command and option; `vitest -u` writes it', async () => {
  const openArchive = () => Promise.reject(new Error('no command runs'));
  const io = { stdout: process.stdout, stderr: process.stderr, env: {}, fetch, openArchive };
  await expect(cliReference(createProgram(io, () => undefined))).toMatchFileSnapshot('../../docs/cli.md');
});
