import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { serveApi } from '../../src/api/serve.ts';
import { explain } from '../../src/core/explain/explain.ts';
import { partitionSetIds } from '../../src/core/model/partition-set-ids.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { driver } from '../support/driver.ts';
import { fakeVigil } from './fake-ports.ts';

/** What a user writes: every call, parameter, body and answer has the type of the document. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';

export async function tour(baseUrl: string) {
  const api = createClient<paths>({ baseUrl });
  const path = { clientId: 'tour', ruleId: 'too-hot' };
  const body = (celsius: number): paths['/api/clients/{clientId}/rules/{ruleId}']['put']['requestBody']['content']['application/json'] => ({
    where: [{ property: 'type', equals: 'status' }],
    partitionBy: ['machineId'],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'celsius', gt: celsius } },
  });

  const created = await api.PUT('/api/clients/{clientId}/rules/{ruleId}', { params: { path }, body: body(80) });
  const event = await api.POST('/api/clients/{clientId}/events/{type}', {
    params: { path: { clientId: 'tour', type: 'status' } },
    body: { machineId: 'm1', celsius: 75 },
  });
  const got = await api.GET('/api/clients/{clientId}/rules/{ruleId}', { params: { path } });
  const listed = await api.GET('/api/clients/{clientId}/rules', {
    params: { path: { clientId: 'tour' }, query: { status: ['inactive'], limit: 10 } },
  });
  const why = await api.GET('/api/clients/{clientId}/rules/{ruleId}/explain', { params: { path, query: { partition: 'm1' } } });
  const edited = await api.PUT('/api/clients/{clientId}/rules/{ruleId}', {
    params: { path, header: { 'if-match': got.response.headers.get('etag') ?? '' } },
    body: body(90),
  });
  const refused = await api.PUT('/api/clients/{clientId}/rules/{ruleId}', {
    params: { path, header: { 'if-match': '"1"' } },
    body: body(95),
  });
  const versions = await api.GET('/api/clients/{clientId}/rules/{ruleId}/versions', { params: { path } });
  const first = versions.data?.versions.at(-1)?.version ?? 0;
  const back = await api.POST('/api/clients/{clientId}/rules/{ruleId}/rollback', { params: { path }, body: { version: first } });
  const off = await api.POST('/api/clients/{clientId}/rules/{ruleId}/disable', { params: { path } });
  const deleted = await api.DELETE('/api/clients/{clientId}/rules/{ruleId}', { params: { path } });
  const condition = why.data?.partition?.levels[0]?.condition;
  return {
    created: created.response.status,
    event: event.data?.sequence,
    got: got.data?.rule.id,
    listed: listed.data?.rules.map(({ rule, status }) => [rule.id, status]),
    lacks: condition?.kind === 'leaf' ? condition.lacks : undefined,
    edited: edited.data?.edition,
    refused: [refused.response.status, refused.error?.code],
    back: back.data?.version,
    off: off.data?.rule.enabled,
    deleted: deleted.response.status,
  };
}
`;

const OPTIONS = {
  compilerOptions: {
    ...{ module: 'NodeNext', target: 'ES2023', lib: ['ES2023', 'DOM'], strict: true, noUncheckedIndexedAccess: true },
    ...{ rewriteRelativeImportExtensions: true, skipLibCheck: true, types: [] },
  },
  files: ['tour.ts'],
};

test('a client with types from the document leads through the operation of a rule', async () => {
  const vigil = fakeVigil();
  const set = driver(TOO_HOT);
  set.send(0, { type: 'status', machineId: 'm1', celsius: 75 });
  vigil.running.set(partitionSetIds(TOO_HOT).of([]), (request) => explain(set.set(), request));
  const api = await serveApi(createApi(vigil.deps), 0);
  onTestFinished(() => api.stop());
  const url = `http://127.0.0.1:${api.port}`;

  const { tour } = (await import(await compiled(url))) as { tour: (url: string) => Promise<unknown> };
  expect(await tour(url)).toEqual({
    created: 201,
    event: 1,
    got: 'too-hot',
    listed: [['too-hot', 'inactive']],
    lacks: 5,
    edited: 2,
    refused: [412, 'RULE_CHANGED'],
    back: 3,
    off: false,
    deleted: 204,
  });
});

const TOO_HOT: Rule = {
  id: 'too-hot',
  clientId: 'tour',
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'celsius', gt: 80 } },
};

/** The program, compiled with the types of the document at the url. */
async function compiled(url: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-client-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'api.ts'),
    astToString(await openapiTS(new URL(`${url}/api/openapi.json`), { defaultNonNullable: false })),
  );
  writeFileSync(join(folder, 'tour.ts'), PROGRAM);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(OPTIONS));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
  return pathToFileURL(join(folder, 'tour.js')).href;
}
