import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { packageRoot } from '../../../src/app/paths.ts';
import { answerCheck } from '../../support/documents/answer-check.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
let vigil: TestVigil;
beforeAll(async () => {
  vigil = await startVigil({ servers });
});
afterAll(() => vigil.stop());

it('a client with types from the document leads through the operation of a rule', async () => {
  const { url } = vigil.app;
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenAPI3;
  const { tour } = (await import(await compiled(document))) as { tour: (url: string) => Promise<unknown> };
  const answers = recordAnswers(Object.keys(document.paths ?? {}));

  expect(await tour(url)).toEqual({
    preview: 0,
    created: 201,
    read: 0,
    event: 202,
    lacks: 5,
    listed: [['too-hot', 'firing']],
    acknowledged: 'ana',
    snoozed: [true],
    unsnoozed: true,
    life: ['firing', 'acknowledged', 'snoozed', 'unsnoozed'],
    dryRun: 'judgesAgain',
    compared: 1,
    edited: 2,
    refused: [412, 'RULE_CHANGED'],
    history: ['changed', 'created'],
    back: 'changed',
    episode: 2,
    partitions: [[{ machineId: 'm1' }, 85]],
    reset: ['reset'],
    deleted: 204,
    audit: [['deleteRule', 'ok']],
  });

  const check = answerCheck(document);
  for (const { method, operation, answer } of answers)
    expect([method, operation, await check(method, operation, answer)]).toEqual([method, operation, []]);
  expect(new Set(answers.map(({ method, operation }) => `${method} ${operation}`)).size).toBe(17);
  expect(vigil.failures).toEqual([]);
});

interface Recorded {
  method: string;
  /** Path of the document. */
  operation: string;
  answer: Response;
}

/** Records the answers to all requests from now on, until the end of the test. */
function recordAnswers(operations: readonly string[]): Recorded[] {
  const patterns = operations.map((each) => [each, new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`)] as const);
  const answers: Recorded[] = [];
  const send = globalThis.fetch;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (...given) => {
    const request = new Request(...given);
    const { method, url } = request;
    const answer = await send(request);
    // A path without parameters is the better match.
    const found = patterns.filter(([, pattern]) => pattern.test(new URL(url).pathname)).map(([each]) => each);
    const [operation = url] = found.sort((a, b) => a.split('{').length - b.split('{').length);
    answers.push({ method, operation, answer: answer.clone() });
    return answer;
  });
  onTestFinished(() => spy.mockRestore());
  return answers;
}

/** The program of the examples, compiled with the types of the document. */
async function compiled(document: OpenAPI3): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-client-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  cpSync(join(packageRoot, 'examples/client/tour.ts'), join(folder, 'tour.ts'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'vigil.ts'), astToString(await openapiTS(document, { defaultNonNullable: false })));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(OPTIONS));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
  return pathToFileURL(join(folder, 'tour.js')).href;
}

const OPTIONS = {
  compilerOptions: {
    ...{ module: 'NodeNext', target: 'ES2023', lib: ['ES2023', 'DOM'], strict: true, noUncheckedIndexedAccess: true },
    ...{ noUnusedLocals: true, rewriteRelativeImportExtensions: true, skipLibCheck: true, types: [] },
  },
  files: ['tour.ts'],
};
