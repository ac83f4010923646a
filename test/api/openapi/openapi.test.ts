import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import { ruleSchema } from '../../../src/core/model/rule/rule-schema.ts';
import { fakeVigil } from '../fakes/fake-ports.ts';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; schema: object }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  info: { version: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: object; required?: string[] }> };
}

const app = createApi(fakeVigil().deps);
let document: Document;
let operations: { address: string; method: string; operation: Operation }[];
beforeAll(async () => {
  document = (await (await app.request('/api/openapi.json')).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      address: `${method.toUpperCase()} ${path}`,
      method,
      operation,
    })),
  );
});

describe('GET /api/openapi.json', () => {
  test('is a valid OpenAPI 3.1 document with the version of the package', async () => {
    const { valid, errors } = await new Validator().validate({ ...document });
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(document.openapi).toBe('3.1.0');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(document.info.version).toBe(version);
  });

  test('has every route, and no other', () => {
    const routes = app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(healthz$|metrics$|api\/)/.test(path))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(({ address }) => address).sort()).toEqual([...new Set(routes)].sort());
  });

  test('names and describes every operation', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { address, operation } of operations) {
      expect(operation.summary, address).toMatch(/^[A-Z].*[^.]$/);
      expect(operation.tags.length, address).toBeGreaterThan(0);
      expect(tags, address).toEqual(expect.arrayContaining(operation.tags));
    }
  });

  test('has the parameters of each path', () => {
    for (const { address, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const named = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name).sort(), address).toEqual(named.sort());
    }
  });

  test('has the problems of every operation of the API, all in one form', () => {
    for (const { address, method, operation } of operations.filter((each) => each.address.includes(' /api/'))) {
      const expected = method === 'get' ? ['403', '500'] : ['403', '413', '500'];
      expect(Object.keys(operation.responses), address).toEqual(expect.arrayContaining(expected));
      for (const [status, { content }] of Object.entries(operation.responses))
        if (Number(status) >= 400)
          expect(content, `${address} ${status}`).toEqual({
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          });
    }
  });

  test('has the schema of the rule language, where the ids of a body are optional', () => {
    const { Rule, RuleBody } = document.components.schemas;
    expect(Object.keys(RuleBody?.properties ?? {})).toEqual(Object.keys(ruleSchema.shape));
    expect(RuleBody?.required).toEqual(['where', 'evaluate']);
    expect(Rule).toMatchObject({ properties: RuleBody?.properties, required: ['id', 'clientId', 'where', 'evaluate'] });
  });

  test('refers only to schemas that it has', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    const names = Object.keys(document.components.schemas);
    expect(refs.map(([, name]) => name).filter((name = '') => !names.includes(name))).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('#/$defs');
  });

  test('takes who changes something, and only there', () => {
    const withUser = operations.filter(({ operation }) =>
      operation.parameters?.some(({ name }) => name === 'Vigil-User'),
    );
    expect(withUser.map(({ address }) => address)).toEqual(
      operations.filter(({ method }) => method !== 'get').map(({ address }) => address),
    );
  });

  test('has ranges and defaults of parameters', () => {
    const list = operations.find(({ operation }) => operation.operationId === 'listDeadLetters')?.operation;
    expect(list?.parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        required: false,
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 100, default: 20 }) as object,
      }),
    );
  });
});
