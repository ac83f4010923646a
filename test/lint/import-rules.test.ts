import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions } from 'dependency-cruiser';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** File, import, and the expected message. */
const BANS: [file: string, code: string, instead: RegExp][] = [
  [
    'src/core/model/x.ts',
    "import { packageRoot } from '../../app/paths.ts'; void packageRoot;",
    /only import lower layers/,
  ],
  [
    'src/core/model/x.ts',
    "import type { ApiDeps } from '../../api/ports.ts'; export type X = ApiDeps;",
    /only import lower layers/,
  ],
  [
    'src/core/windows/x.ts',
    "import type { PartitionSet } from '../partition-set/partition-set.ts'; export type X = PartitionSet;",
    /only import lower layers/,
  ],
  [
    'src/core/evaluation/x.ts',
    "import { splitSet } from '../sharding/split.ts'; void splitSet;",
    /only import lower layers/,
  ],
  [
    'src/core/model/x.ts',
    "import { readFileSync } from 'node:fs'; void readFileSync;",
    /Node modules are not allowed here/,
  ],
  ['src/core/model/x.ts', "import path from 'path'; void path;", /Node modules are not allowed here/],
  ['src/core/model/x.ts', "import { Command } from 'commander'; void Command;", /Only zod\|mustache/],
  ['src/offline/x.ts', "import { readYaml } from '../rules/yaml-entries.ts'; void readYaml;", /pure like the core/],
  ['workflows/x.ts', "import { packageRoot } from '../src/app/paths.ts'; void packageRoot;", /effects into activities/],
  ['workflows/x.ts', "import { Client } from '@temporalio/client'; void Client;", /Only @temporalio/],
  [
    'workflows/x.ts',
    "import { createActivities } from '../activities/activities.ts'; void createActivities;",
    /import type/,
  ],
  [
    'workflows/x.ts',
    "import { parseRule } from '../src/core/language/parse/parse-rule.ts'; void parseRule;",
    /import type/,
  ],
  [
    'activities/x.ts',
    "import { alertSubject } from '../src/nats/connection/topology.ts'; void alertSubject;",
    /createActivities\(deps\)/,
  ],
  [
    'src/ingest/x.ts',
    "import { alertSubject } from '../nats/connection/topology.ts'; void alertSubject;",
    /src\/app passes the adapter/,
  ],
  ['src/api/x.ts', "import { packageRoot } from '../app/paths.ts'; void packageRoot;", /Add it to ApiDeps/],
  ['src/cli/x.ts', "import { loadConfig } from '../app/settings/config.ts'; void loadConfig;", /Use the HTTP API/],
  ['src/cli/x.ts', "export const x = () => import('../app/settings/config.ts');", /Use the HTTP API/],
  [
    'src/app/x.ts',
    "import type { NatsConnection } from 'nats'; export type X = NatsConnection;",
    /function in src\/nats/,
  ],
  [
    'src/notifications/x.ts',
    "import type { ApiDeps } from '../api/ports.ts'; export type X = ApiDeps;",
    /src\/notifications depends/,
  ],
  ['src/nats/x.ts', "import { MACHINE_STATES } from '../api/ports/machines.ts'; void MACHINE_STATES;", /import type/],
  [
    'src/dev-servers/x.ts',
    "import { packageRoot } from '../app/paths.ts'; void packageRoot;",
    /independent of the rest of vigil/,
  ],
  ['src/console/x.ts', "import { z } from 'zod'; void z;", /Only preact/],
];

const ALLOWED: [file: string, code: string][] = [
  ['src/core/model/x.ts', "import { z } from 'zod'; import Mustache from 'mustache'; void z; void Mustache;"],
  [
    'workflows/x.ts',
    "import { condition } from '@temporalio/workflow'; import type { Rule } from '../src/core/model/rule/rule-schema.ts'; void condition; export type X = Rule;",
  ],
  [
    'workflows/x.ts',
    "import type { createActivities } from '../activities/activities.ts'; export type X = typeof createActivities;",
  ],
  [
    'src/nats/x.ts',
    "import { connect } from 'nats'; import type { EventsPort } from '../api/ports/events.ts'; void connect; export type X = EventsPort;",
  ],
  ['src/cli/x.ts', "export const run = () => import('../app/run.ts');"],
  ['src/app/x.ts', "import { alertSubject } from '../nats/connection/topology.ts'; void alertSubject;"],
];

/** A copy of the project with each snippet in a separate file. */
let project: string;
let refusals: { from: string; rule: string; text: string }[];
const placeOf = (file: string, number: number): string => file.replace('x.ts', `snippet-${number}.ts`);
const snippets = [...BANS.map(([file, code]) => [file, code] as const), ...ALLOWED];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'vigil-imports-'));
  for (const name of ['src', 'workflows', 'activities', 'tsconfig.json'])
    await cp(name, join(project, name), { recursive: true });
  await symlink(join(process.cwd(), 'node_modules'), join(project, 'node_modules'));
  for (const [number, [file, code]] of snippets.entries()) {
    const path = join(project, placeOf(file, number));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, code);
  }
  await writeFile(
    join(project, 'src/core/model/circle-a.ts'),
    "import type { B } from './circle-b.ts'; export type A = B | 1;",
  );
  await writeFile(
    join(project, 'src/core/model/circle-b.ts'),
    "import type { A } from './circle-a.ts'; export type B = A | 2;",
  );
  const { default: config } = (await import(join(process.cwd(), 'imports.config.js'))) as { default: unknown };
  const { options, forbidden } = config as { options: ICruiseOptions; forbidden: { name: string; comment: string }[] };
  const { output } = await cruise(['src', 'workflows', 'activities'], {
    ...options,
    baseDir: project,
    validate: true,
    ruleSet: { forbidden, options } as never,
  });
  if (typeof output === 'string') throw new Error('an object is expected');
  refusals = output.summary.violations.map(({ from, rule }) => ({
    from,
    rule: rule.name,
    text: forbidden.find(({ name }) => name === rule.name)?.comment ?? '',
  }));
}, 60_000);
afterAll(() => rm(project, { recursive: true, force: true }));

describe('an import across layers is rejected with an alternative', () => {
  it.each(BANS.map(([file, code, instead], number) => ({ file, code, instead, number })))(
    '$file: $code',
    ({ file, instead, number }) => {
      const texts = refusals.filter(({ from }) => from === placeOf(file, number)).map(({ text }) => text);
      expect(texts).toContainEqual(expect.stringMatching(instead));
    },
  );
});

describe('allowed imports', () => {
  it.each(ALLOWED.map(([file, code], index) => ({ file, code, number: BANS.length + index })))(
    '$file: $code',
    ({ file, number }) => {
      expect(refusals.filter(({ from }) => from === placeOf(file, number))).toEqual([]);
    },
  );
});

it('rejects import cycles, including type imports', () => {
  expect(refusals.filter(({ from }) => from.includes('circle-'))).toContainEqual(
    expect.objectContaining({ rule: 'no-circles' }),
  );
});

it('rejects nothing else', () => {
  expect(refusals.filter(({ from }) => !/snippet-|circle-/.test(from))).toEqual([]);
});

// The snippets are not in a tsconfig, so type-checked rules are disabled, except for one test below.
const withoutTypes = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked as never, ignore: false });
const withTypes = new ESLint();

async function complaints(eslint: ESLint, filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`);
}

describe('the core has no clock, no randomness and no I/O', () => {
  it.each([
    ['export const now = Date.now();', /pass `nowMs` as an argument/],
    ['export const now = new Date();', /pass `nowMs` as an argument/],
    ['export const now = Date();', /pass `nowMs` as an argument/],
    ['export const later = setTimeout;', /pass `nowMs` as an argument/],
    ['export const dice = Math.random();', /pass random values as an argument/],
    ["console.log('hello');", /return an effect/],
    ['export const home = process.env;', /return an effect/],
  ])('%s', async (code, instead) => {
    expect(await complaints(withoutTypes, 'src/core/model/x.ts', code)).toContainEqual(expect.stringMatching(instead));
  });

  it('accepts a time as an argument', async () => {
    expect(
      await complaints(withoutTypes, 'src/core/model/x.ts', 'export const at = (ms: number): Date => new Date(ms);'),
    ).toEqual([]);
  });
});

it('rejects a floating promise', async () => {
  const found = await complaints(
    withTypes,
    'src/core/primitives/errors.ts',
    'export const lost = (): void => { Promise.resolve(1); };',
  );
  expect(found).toContainEqual(expect.stringContaining('@typescript-eslint/no-floating-promises'));
});

it('rejects source files with more than 250 lines, not counting comments and blank lines', async () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, n) => `export const x${n} = ${n};\n\n// why\n`).join('');
  expect(await complaints(withoutTypes, 'src/api/x.ts', lines(251))).toContainEqual(
    expect.stringContaining('max-lines'),
  );
  expect(await complaints(withoutTypes, 'src/api/x.ts', lines(250))).toEqual([]);
});
