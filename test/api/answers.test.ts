import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { explain } from '../../src/core/explain/explain.ts';
import { partitionSetIds } from '../../src/core/model/partition-set-ids.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { driver } from '../support/driver.ts';
import { deadLetter } from './fake-dead-letters.ts';
import { alertOf, fakeVigil, machineRule } from './fake-ports.ts';

const RULE = { ...machineRule('client-01', 'hot'), labels: { team: 'ops' } };
const EACH = machineRule('client-01', 'each', 'each');
const ACTS = { by: 'ana' };
/** Id of an alert. */
const ALERT = 'hot-hot-hot-hot-hot-00';
const PATH = '/api/clients/client-01';

interface Answers {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
type Document = Record<string, unknown> & { paths: Record<string, Record<string, Answers>> };

const { machines } = createSimulator({ publish: async () => undefined, logger: { warn: () => undefined } });
const vigil = fakeVigil({ rules: [RULE, RULE, EACH], machines });
const app = createApi(vigil.deps);
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
let document: Document;
beforeAll(async () => {
  document = (await (await app.request('/api/openapi.json')).json()) as Document;
  ajv.addSchema(closed(document) as object, 'vigil');
  for (const rule of [RULE, EACH]) {
    const set = driver(rule);
    set.send(0, { type: 'status', machineId: 'm1', state: 'stopped' });
    vigil.running.set(partitionSetIds(rule).of([]), (request) => explain(set.set(), request));
  }
  vigil.acting.set('client-01/hot/1/firing', (_action, { by }) => {
    const acknowledged = { by, at: '2026-01-01T00:00:00Z' };
    return { changed: true, partition: {}, episode: 1, state: 'firing', severity: 'info', acknowledged };
  });
  vigil.archive.store('client-01', 'status', { machineId: 'm1', state: 'stopped' });
  vigil.alerts.add(ALERT, alertOf({ clientId: 'client-01', ruleId: 'hot' }));
  vigil.deadLetters.stored.set(7, deadLetter(7, { bytes: '{' }));
  vigil.health.reasons.push({
    part: 'nats',
    code: 'SET_HELD',
    message: 'Held.',
    since: '2026-01-01T00:00:00Z',
    fields: {},
  });
});

/** The document where no object has other properties than those that are described. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [name, closed(value)] as const);
  const isOpen = 'properties' in node && !('additionalProperties' in node);
  return { ...Object.fromEntries(entries), ...(isOpen && { additionalProperties: false }) };
}

describe('every answer has what the document describes, and nothing else', () => {
  test.each<[method: string, path: string, operation: string, status: number]>([
    ['GET', '/healthz', '/healthz', 200],
    ['GET', '/api/links', '/api/links', 200],
    ['GET', '/api/clients', '/api/clients', 200],
    ['GET', '/api/machines', '/api/machines', 200],
    ['POST', `${PATH}/machines/stop`, '/api/clients/{clientId}/machines/stop', 200],
    ['POST', `${PATH}/events/status`, '/api/clients/{clientId}/events/{type}', 202],
    ['GET', `${PATH}/alerts?state=all`, '/api/clients/{clientId}/alerts', 200],
    ['GET', `${PATH}/alerts/${ALERT}`, '/api/clients/{clientId}/alerts/{alertId}', 200],
    ['POST', `${PATH}/alerts/${ALERT}/acknowledge`, '/api/clients/{clientId}/alerts/{alertId}/acknowledge', 200],
    ['POST', `${PATH}/alerts/acknowledge`, '/api/clients/{clientId}/alerts/acknowledge', 200],
    ['POST', `${PATH}/test-alert`, '/api/clients/{clientId}/test-alert', 202],
    ['GET', `${PATH}/rules`, '/api/clients/{clientId}/rules', 200],
    ['GET', `${PATH}/rules/hot`, '/api/clients/{clientId}/rules/{ruleId}', 200],
    ['PUT', `${PATH}/rules/hot`, '/api/clients/{clientId}/rules/{ruleId}', 200],
    ['PUT', `${PATH}/rules/hot?dryRun=true`, '/api/clients/{clientId}/rules/{ruleId}', 200],
    ['PUT', `${PATH}/rules/newer?dryRun=true`, '/api/clients/{clientId}/rules/{ruleId}', 200],
    ['POST', `${PATH}/rules/hot/rollback`, '/api/clients/{clientId}/rules/{ruleId}/rollback', 200],
    ['PUT', `${PATH}/rules/new`, '/api/clients/{clientId}/rules/{ruleId}', 201],
    ['GET', `${PATH}/rules/hot/versions`, '/api/clients/{clientId}/rules/{ruleId}/versions', 200],
    ['GET', `${PATH}/rules/hot/versions/1`, '/api/clients/{clientId}/rules/{ruleId}/versions/{version}', 200],
    ['GET', `${PATH}/rules/hot/explain`, '/api/clients/{clientId}/rules/{ruleId}/explain', 200],
    ['GET', `${PATH}/rules/hot/explain?partition=m1`, '/api/clients/{clientId}/rules/{ruleId}/explain', 200],
    ['GET', `${PATH}/rules/each/explain`, '/api/clients/{clientId}/rules/{ruleId}/explain', 200],
    ['GET', `${PATH}/rules/each/explain?partition=m1`, '/api/clients/{clientId}/rules/{ruleId}/explain', 200],
    ['GET', `${PATH}/rules/hot/partition-sets`, '/api/clients/{clientId}/rules/{ruleId}/partition-sets', 200],
    ['POST', `${PATH}/rules/hot/reset`, '/api/clients/{clientId}/rules/{ruleId}/reset', 200],
    ['POST', `${PATH}/rules/preview`, '/api/clients/{clientId}/rules/preview', 200],
    ['POST', `${PATH}/rules/hot/disable`, '/api/clients/{clientId}/rules/{ruleId}/disable', 200],
    ['POST', `${PATH}/rules/hot/pause`, '/api/clients/{clientId}/rules/{ruleId}/pause', 200],
    ['GET', `${PATH}/rules`, '/api/clients/{clientId}/rules', 200],
    ['POST', `${PATH}/rules/hot/resume`, '/api/clients/{clientId}/rules/{ruleId}/resume', 200],
    ['POST', `${PATH}/pause`, '/api/clients/{clientId}/pause', 200],
    ['GET', PATH, '/api/clients/{clientId}', 200],
    ['POST', `${PATH}/resume`, '/api/clients/{clientId}/resume', 200],
    ['GET', `${PATH}/audit`, '/api/clients/{clientId}/audit', 200],
    ['GET', '/api/audit', '/api/audit', 200],
    ['GET', '/api/dead-letters', '/api/dead-letters', 200],
    ['GET', '/api/dead-letters/7', '/api/dead-letters/{sequence}', 200],
    ['GET', `${PATH}/rules/none`, '/api/clients/{clientId}/rules/{ruleId}', 404],
    ['GET', `${PATH}/rules?limit=0`, '/api/clients/{clientId}/rules', 400],
  ])('%s %s', async (method, path, operation, status) => {
    const { id: _, ...body } = RULE;
    const given =
      method === 'PUT'
        ? body
        : path.endsWith('s/acknowledge')
          ? { ...ACTS, ids: [ALERT] }
          : path.endsWith('acknowledge') || path.endsWith('reset')
            ? ACTS
            : path.endsWith('rollback')
              ? { version: 1 }
              : path.endsWith('preview')
                ? { rule: RULE, since: '1h' }
                : { machineId: 'm1' };
    const answer = await app.request(path, { method, ...(method !== 'GET' && { body: JSON.stringify(given) }) });
    expect(answer.status).toBe(status);
    const type = answer.headers.get('content-type') ?? '';
    const described = document.paths[operation]?.[method.toLowerCase()]?.responses[String(status)]?.content ?? {};
    // The preview answers with lines, too, if the client accepts them.
    expect(Object.keys(described).filter((each) => each !== 'application/x-ndjson')).toEqual([type]);
    const pointer = [operation, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    const check = ajv.getSchema(`vigil#/paths/${pointer.map(escaped).join('/')}`);
    const isValid = check?.(await answer.json());
    expect({ isValid, errors: check?.errors }).toEqual({ isValid: true, errors: null });
  });
});

const escaped = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
