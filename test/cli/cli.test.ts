import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { vigil } from './run-vigil.ts';

const run = vi.hoisted(() => vi.fn<(argv: readonly string[]) => Promise<number>>());
vi.mock('../../src/app/run.ts', () => ({ run }));
beforeEach(() => void run.mockReset().mockResolvedValue(0));

describe('vigil', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await vigil(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('prints its commands', async () => {
    const { code, out } = await vigil(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('start [options]');
    expect(out).toContain('rules');
  });

  it('rejects unknown commands and suggests a similar one', async () => {
    const { code, err } = await vigil(['strat']);
    expect(code).toBe(1);
    expect(err).toContain("unknown command 'strat'");
    expect(err).toContain('Did you mean start?');
  });

  it('reports a missing argument', async () => {
    const { code, err } = await vigil(['rules', 'get', 'client-01']);
    expect(code).toBe(1);
    expect(err).toContain("missing required argument 'rule'");
  });
});

describe('vigil start', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [['--fresh'], ['--fresh']],
    [['--no-simulator'], ['--no-simulator']],
    [
      ['--fresh', '--no-simulator'],
      ['--fresh', '--no-simulator'],
    ],
  ])('%j runs the app with %j', async (given, passed) => {
    expect((await vigil(['start', ...given])).code).toBe(0);
    expect(run).toHaveBeenCalledExactlyOnceWith(passed);
  });

  it('exits with the exit code of the app', async () => {
    run.mockResolvedValue(7);
    expect((await vigil(['start'])).code).toBe(7);
  });
});

/** The packages and Node modules that a file imports statically. */
function loadedBy(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const sources = [...readFileSync(file, 'utf8').matchAll(/^import (?!type )[^;]* from '([^']+)';$/gm)].map(
    ([, source = '']) => source,
  );
  return sources.flatMap((source) => (source.startsWith('.') ? loadedBy(join(dirname(file), source), seen) : [source]));
}

it('loads nothing that only some commands need, so that every command starts fast', () => {
  const packages = new Set(loadedBy('src/cli/main.ts').filter((source) => !source.startsWith('node:')));
  expect([...packages]).toEqual(['commander']);
});

it.each(['check-rules', 'test-rules', 'backtest', 'print-schema'])('%s loads no server packages', (command) => {
  const packages = loadedBy(`src/cli/commands/offline/${command}.ts`).filter((source) => !source.startsWith('node:'));
  expect(
    [...new Set(packages)].filter((name) => !['zod', 'yaml', 'mustache', 'fastest-levenshtein'].includes(name)),
  ).toEqual([]);
});
