import { readdirSync } from 'node:fs';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

// The snippets are in no tsconfig, so the rules that ask the type checker are left out, but for one test below.
const withoutTypes = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked as Linter.Config, ignore: false });
const withTypes = new ESLint();

async function complaints(eslint: ESLint, filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`);
}

const bans: [file: string, code: string, instead: RegExp][] = [
  ['src/core/x.ts', "import { packageRoot } from '../app/paths.ts'; void packageRoot;", /take what is needed as an argument/],
  ['src/core/x.ts', "import type { ApiDeps } from '../api/ports.ts'; export type X = ApiDeps;", /take what is needed as an argument/],
  ['src/core/x.ts', "import { readFileSync } from 'node:fs'; void readFileSync;", /No Node modules here/],
  ['src/core/x.ts', "import path from 'path'; void path;", /No Node modules here/],
  ['src/core/x.ts', "import { Command } from 'commander'; void Command;", /packages zod, mustache only/],
  ['src/core/x.ts', 'export const now = Date.now();', /take `nowMs` as an argument/],
  ['src/core/x.ts', 'export const now = new Date();', /take `nowMs` as an argument/],
  ['src/core/x.ts', 'export const now = Date();', /take `nowMs` as an argument/],
  ['src/core/x.ts', 'export const later = setTimeout;', /take `nowMs` as an argument/],
  ['src/core/x.ts', 'export const dice = Math.random();', /take what must differ as an argument/],
  ['src/core/x.ts', "console.log('hello');", /return an effect/],
  ['src/core/x.ts', 'export const home = process.env;', /return an effect/],
  ['src/offline/x.ts', "import { readFileSync } from 'node:fs'; void readFileSync;", /Playing events is pure/],
  ['src/offline/x.ts', "import { readYaml } from '../rules/yaml-entries.ts'; void readYaml;", /Playing events is pure/],
  ['workflows/x.ts', "import { packageRoot } from '../src/app/paths.ts'; void packageRoot;", /effects into an activity/],
  ['workflows/x.ts', "import { Client } from '@temporalio/client'; void Client;", /@temporalio\/workflow, @temporalio\/common only/],
  ['workflows/x.ts', "import { createActivities } from '../activities/create-activities.ts'; void createActivities;", /import type/],
  ['workflows/x.ts', "import { parseRule } from '../src/core/parse-rule.ts'; void parseRule;", /zod stays out of the bundle/],
  ['workflows/x.ts', "import { ruleSchema } from '../src/core/rule-schema.ts'; void ruleSchema;", /zod stays out of the bundle/],
  ['activities/x.ts', "import { alertSubject } from '../src/adapters/nats/topology.ts'; void alertSubject;", /createActivities\(deps\)/],
  ['src/client/x.ts', "import { alertSubject } from '../adapters/nats/topology.ts'; void alertSubject;", /workflows\/messages\.ts only/],
  ['src/subscriber/x.ts', "import { alertSubject } from '../adapters/nats/topology.ts'; void alertSubject;", /src\/app gives the real one/],
  ['src/api/x.ts', "import { packageRoot } from '../app/paths.ts'; void packageRoot;", /through ApiDeps/],
  ['src/cli/x.ts', "import { loadConfig } from '../app/config.ts'; void loadConfig;", /Ask the HTTP API/],
  ['src/cli/x.ts', "export const x = () => import('../app/config.ts');", /Ask the HTTP API/],
  ['src/sim/x.ts', "import { connect } from 'nats'; void connect;", /function of src\/adapters\/nats/],
  ['src/app/x.ts', "import type { NatsConnection } from 'nats'; export type X = NatsConnection;", /function of src\/adapters\/nats/],
  ['src/adapters/sinks/x.ts', "import { connect } from 'nats'; void connect;", /function of src\/adapters\/nats/],
  ['src/adapters/nats/x.ts', "import { packageRoot } from '../../app/paths.ts'; void packageRoot;", /the ports that it fills/],
  ['src/adapters/nats/x.ts', "import { MACHINE_STATES } from '../../api/ports.ts'; void MACHINE_STATES;", /by `import type`/],
  ['src/alerts/x.ts', "import type { ApiDeps } from '../api/ports.ts'; export type X = ApiDeps;", /src\/core and src\/adapters/],
  ['src/rules/x.ts', "import { packageRoot } from '../app/paths.ts'; void packageRoot;", /take the rest as an argument/],
  ['src/servers/x.ts', "import { packageRoot } from '../app/paths.ts'; void packageRoot;", /without the rest of vigil/],
  ['src/worker/x.ts', "import { packageRoot } from '../app/paths.ts'; void packageRoot;", /src\/app gives it/],
  ['src/console/x.ts', "import type { ApiDeps } from '../api/ports.ts'; export type X = ApiDeps;", /talks to the HTTP API only/],
  ['src/console/x.ts', "import { z } from 'zod'; void z;", /packages htm only/],
];

describe('an import that crosses a border is refused, and told what to use instead', () => {
  it.each(bans)('%s: %s', async (file, code, instead) => {
    expect(await complaints(withoutTypes, file, code)).toContainEqual(expect.stringMatching(instead));
  });
});

describe('what the layers need stays allowed', () => {
  it.each([
    ['src/core/x.ts', "import { z } from 'zod'; import Mustache from 'mustache'; void z; void Mustache;"],
    ['src/core/x.ts', 'export const at = (ms: number): Date => new Date(ms);'],
    ['workflows/x.ts', "import { condition } from '@temporalio/workflow'; import type { Rule } from '../src/core/rule-schema.ts'; void condition; export type X = Rule;"],
    ['workflows/x.ts', "import type { createActivities } from '../activities/create-activities.ts'; export type X = typeof createActivities;"],
    ['src/subscriber/x.ts', "import type { ensureStreams } from '../adapters/nats/topology.ts'; export type X = typeof ensureStreams;"],
    ['src/adapters/nats/x.ts', "import { connect } from 'nats'; void connect;"],
    ['src/adapters/nats/x.ts', "import type { EventsPort } from '../../api/ports.ts'; export type X = EventsPort;"],
    ['src/cli/x.ts', "export const run = () => import('../app/run.ts');"],
    ['src/cli/x.ts', "import { Player } from '../offline/player.ts'; import { readRuleFiles } from '../rules/rule-files.ts'; void Player; void readRuleFiles;"],
    ['src/app/x.ts', "import { alertSubject } from '../adapters/nats/topology.ts'; void alertSubject;"],
    ['test/x.test.ts', "import { connect } from 'nats'; import { packageRoot } from '../src/app/paths.ts'; void connect; void packageRoot;"],
  ])('%s: %s', async (file, code) => {
    expect(await complaints(withoutTypes, file, code)).toEqual([]);
  });
});

describe('every folder of the source has a row in eslint.layers.js', () => {
  it.each(['workflows', 'activities', ...readdirSync('src').map((name) => `src/${name}`)])('%s', async (folder) => {
    const config = (await withoutTypes.calculateConfigForFile(`${folder}/x.ts`)) as Linter.Config;
    expect(config.rules).toHaveProperty('no-restricted-imports');
  });
});

it('refuses import cycles', async () => {
  const [result] = await withoutTypes.lintFiles('test/lint/fixtures/cycle-a.ts');
  expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('import-x/no-cycle');
});

it('refuses a promise that nobody waits for', async () => {
  const found = await complaints(withTypes, 'src/core/primitives/errors.ts', 'export const lost = (): void => { Promise.resolve(1); };');
  expect(found).toContainEqual(expect.stringContaining('@typescript-eslint/no-floating-promises'));
});

it('refuses a source file of more than 200 lines, not counting comments and blank lines', async () => {
  const lines = (count: number): string => Array.from({ length: count }, (_, n) => `export const x${n} = ${n};\n\n// why\n`).join('');
  expect(await complaints(withoutTypes, 'src/api/x.ts', lines(201))).toContainEqual(expect.stringContaining('max-lines'));
  expect(await complaints(withoutTypes, 'src/api/x.ts', lines(200))).toEqual([]);
});
