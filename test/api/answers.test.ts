import { beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { explain } from '../../src/core/explain/explain.ts';
import { partitionSetIds } from '../../src/core/model/partition-set/partition-set-ids.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { answerCheck, type AnswerCheck } from '../support/documents/answer-check.ts';
import { driver } from '../support/evaluation/driver.ts';
import { deadLetter } from './fakes/fake-dead-letters.ts';
import { alertOf, fakeVigil, machineRule } from './fakes/fake-ports.ts';

const RULE = { ...machineRule('client-01', 'hot'), labels: { team: 'ops' } };
const EACH = machineRule('client-01', 'each', 'each');
const ACTS = { by: 'ana' };
/** Id of an alert. */
const ALERT = 'hot-hot-hot-hot-hot-00';
const PATH = '/api/clients/client-01';

const { machines } = createSimulator({ publish: async () => undefined, logger: { warn: () => undefined } });
const vigil = fakeVigil({ rules: [RULE, RULE, EACH], machines });
const app = createApi(vigil.deps);
let check: AnswerCheck;
beforeAll(async () => {
  check = answerCheck(await (await app.request('/api/openapi.json')).json());
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

describe('every answer has what the document describes, and nothing else', () => {
  test.each<[method: string, path: string, operation: string, status: number]>([
    ['GET', '/healthz', '/healthz', 200],
    ['GET', '/api/links', '/api/links', 200],
    ['GET', '/api/processes', '/api/processes', 200],
    ['GET', '/api/clients', '/api/clients', 200],
    ['GET', '/api/machines', '/api/machines', 200],
    ['POST', `${PATH}/machines/stop`, '/api/clients/{clientId}/machines/stop', 200],
    ['POST', `${PATH}/events/status`, '/api/clients/{clientId}/events/{type}', 202],
    ['POST', `${PATH}/events`, '/api/clients/{clientId}/events', 400],
    ['GET', `${PATH}/event-properties`, '/api/clients/{clientId}/event-properties', 200],
    ['GET', `${PATH}/alerts?state=all`, '/api/clients/{clientId}/alerts', 200],
    ['GET', `${PATH}/alerts/${ALERT}`, '/api/clients/{clientId}/alerts/{alertId}', 200],
    ['GET', `${PATH}/alerts/${ALERT}/values`, '/api/clients/{clientId}/alerts/{alertId}/values', 200],
    ['POST', `${PATH}/alerts/${ALERT}/acknowledge`, '/api/clients/{clientId}/alerts/{alertId}/acknowledge', 200],
    ['POST', `${PATH}/alerts/acknowledge`, '/api/clients/{clientId}/alerts/acknowledge', 200],
    ['POST', `${PATH}/alerts/close-orphaned`, '/api/clients/{clientId}/alerts/close-orphaned', 200],
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
    ['PUT', `${PATH}/quotas`, '/api/clients/{clientId}/quotas', 200],
    ['GET', `${PATH}/quotas`, '/api/clients/{clientId}/quotas', 200],
    ['DELETE', `${PATH}/quotas`, '/api/clients/{clientId}/quotas', 200],
    ['GET', `${PATH}/audit`, '/api/clients/{clientId}/audit', 200],
    ['GET', '/api/audit', '/api/audit', 200],
    ['POST', '/api/codec/decode', '/api/codec/decode', 200],
    ['POST', '/api/codec/encode', '/api/codec/encode', 400],
    ['GET', '/api/dead-letters', '/api/dead-letters', 200],
    ['GET', '/api/dead-letters/7', '/api/dead-letters/{sequence}', 200],
    ['GET', `${PATH}/rules/none`, '/api/clients/{clientId}/rules/{ruleId}', 404],
    ['GET', `${PATH}/rules?limit=0`, '/api/clients/{clientId}/rules', 400],
  ])('%s %s', async (method, path, operation, status) => {
    const { id: _, ...body } = RULE;
    const given =
      method === 'PUT'
        ? path.endsWith('quotas')
          ? { rules: 100 }
          : body
        : path.endsWith('s/acknowledge')
          ? { ...ACTS, ids: [ALERT] }
          : path.endsWith('acknowledge') || path.endsWith('reset') || path.endsWith('orphaned')
            ? ACTS
            : path.endsWith('rollback')
              ? { version: 1 }
              : path.endsWith('preview')
                ? { rule: RULE, since: '1h' }
                : path.startsWith('/api/codec')
                  ? { payloads: [{ metadata: { encoding: 'YQ==' }, data: '' }] }
                  : { machineId: 'm1' };
    const answer = await app.request(path, { method, ...(method !== 'GET' && { body: JSON.stringify(given) }) });
    expect(answer.status).toBe(status);
    expect(await check(method, operation, answer)).toEqual([]);
  });

  test.each<[what: string, events: object[], status: number]>([
    ['accepts', [{}, {}], 202],
    ['refuses in part', [{}, { time: 'yesterday' }], 207],
  ])('a list of events that vigil %s', async (_, events, status) => {
    const answer = await app.request(`${PATH}/events/status`, { method: 'POST', body: JSON.stringify(events) });
    expect(answer.status).toBe(status);
    expect(await check('POST', '/api/clients/{clientId}/events/{type}', answer)).toEqual([]);
  });
});
