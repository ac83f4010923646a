import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import { alertSubject, deadLetterSubject, eventSubject } from '../../../src/nats/connection/topology.ts';
import { vigil } from '../../cli/run-vigil.ts';
import { messageCheck } from '../../support/documents/asyncapi.ts';
import { alertOf, fakeVigil } from '../fakes/fake-ports.ts';

interface Document {
  info: object;
  channels: Record<string, { address: string; parameters?: object }>;
  components: { schemas: Record<string, object> };
}

const app = createApi(fakeVigil().deps);
const read = async (path: string): Promise<Document> => (await (await app.request(path)).json()) as Document;
const document = await read('/api/asyncapi.json');

describe('GET /api/asyncapi.json', () => {
  // The schema has its own copy of the JSON Schema that ajv would add.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, meta: false, validateSchema: false });
  const isValid = ajv.compile<object>(specs.schemas['3.0.0'] as object);

  it('is a valid AsyncAPI 3.0 document', () => {
    isValid(document);
    expect(isValid.errors ?? []).toEqual([]);
    expect(isValid({ ...document, channels: { events: { adress: 'events' } } }), 'a document with an error').toBe(
      false,
    );
  });

  it('refers only to what it has', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const found = (path: string): unknown =>
      path.split('/').reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document);
    expect(refs.filter((path) => found(path) === undefined)).toEqual([]);
  });

  it('has the subjects of vigil, with their parameters', () => {
    const { channels } = document;
    expect(Object.values(channels).map(({ address }) => address)).toEqual([
      eventSubject('{clientId}', '{type}'),
      eventSubject('{clientId}', '{type}').replaceAll('.', '/'),
      alertSubject('{clientId}', '{ruleId}'),
      deadLetterSubject('{clientId}'),
      '/api/live',
    ]);
    for (const { address, parameters = {} } of Object.values(channels))
      expect(Object.keys(parameters)).toEqual([...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  });

  it('has the schemas of the OpenAPI document', async () => {
    const { schemas } = (await read('/api/openapi.json')).components;
    const own = ['Event', 'MessageId', 'DeadLetterHeaders'];
    for (const [name, schema] of Object.entries(document.components.schemas))
      if (!own.includes(name)) expect(schema, name).toEqual(schemas[name]);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...own, 'Alert', 'LiveMessage']));
  });

  it('is what `vigil asyncapi` prints', async () => {
    const { code, out } = await vigil(['asyncapi']);
    expect([code, JSON.parse(out)]).toEqual([0, document]);
  });
});

describe('the check of messages', () => {
  const check = messageCheck(document);
  const alert = alertOf({ clientId: 'client-01', ruleId: 'hot' });

  it('takes an alert', () => expect(check('alerts.client-01.hot', { payload: alert })).toEqual([]));

  it.each([
    ['a property too much', { ...alert, more: 1 }],
    ['another status', { ...alert, data: { ...alert.data, status: 'burning' } }],
    ['no data', { ...alert, data: undefined }],
  ])('finds %s', (_name, payload) => expect(check('alerts.client-01.hot', { payload })).not.toEqual([]));

  it('finds a subject that the document does not have', () =>
    expect(check('alerts.client-01', { payload: alert })).toEqual(['no message at alerts.client-01']));
});
