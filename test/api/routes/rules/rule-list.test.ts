import { beforeEach, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../src/api/api.ts';
import type { Rule } from '../../../../src/core/model/rule/rule-schema.ts';
import { fakeVigil, machineRule } from '../../fakes/fake-ports.ts';

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({ ...machineRule('client-01', id), ...more });

let api: Hono;
beforeEach(() => {
  const vigil = fakeVigil({
    rules: [
      rule('cold', { name: 'Too Cold', labels: { team: 'ops', site: 'berlin' } }),
      rule('hot', { message: 'It is warm.', labels: { team: 'ops', note: 'a=b' } }),
      rule('off', { enabled: false }),
    ],
  });
  vigil.sets.push({ workflowId: 'w', clientId: 'client-01', ruleId: 'hot', status: 'firing' });
  api = createApi(vigil.deps);
});

interface Page {
  rules: { rule: { id: string } }[];
  next: string | null;
}
const list = async (query: string): Promise<Page> =>
  (await (await api.request(`/api/clients/client-01/rules?${query}`)).json()) as Page;
const ids = ({ rules }: Page): string[] => rules.map(({ rule }) => rule.id);

describe('the list of rules', () => {
  test.each([
    ['status=firing', ['hot']],
    ['status=firing&status=disabled', ['hot', 'off']],
    ['label=team=ops', ['cold', 'hot']],
    ['label=team=ops&label=site=berlin', ['cold']],
    ['label=note=a=b', ['hot']],
    ['label=team=', []],
    ['text=COLD', ['cold']],
    ['text=warm', ['hot']],
    ['text=too%20c', ['cold']],
    ['text=ops', []],
    ['status=inactive&label=team=ops&text=o', ['cold']],
  ])('with %s has %j', async (query, expected) => {
    expect(ids(await list(query))).toEqual(expected);
  });

  test('is answered in pages, of the rules that the filters choose', async () => {
    const first = await list('limit=1&label=team=ops');
    expect(ids(first)).toEqual(['cold']);
    const last = await list(`limit=1&label=team=ops&cursor=${String(first.next)}`);
    expect([ids(last), last.next]).toEqual([['hot'], null]);
  });

  test('goes on after a rule that has been deleted', async () => {
    const { next } = await list('limit=2');
    await api.request('/api/clients/client-01/rules/hot', { method: 'DELETE' });
    expect(ids(await list(`cursor=${String(next)}`))).toEqual(['off']);
  });

  test.each([
    'limit=0',
    'limit=1001',
    'status=odd',
    'label=team',
    'cursor=nonsense',
    'cursor=',
    `text=${'x'.repeat(201)}`,
  ])('refuses %s', async (query) => {
    const answer = await api.request(`/api/clients/client-01/rules?${query}`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'REQUEST_INVALID' }]);
  });
});

test('a cursor is refused by another list', async () => {
  const { next } = await list('limit=1');
  for (const path of ['/api/clients', '/api/dead-letters', '/api/clients/client-01/rules/hot/versions']) {
    const answer = await api.request(`${path}?cursor=${String(next)}`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'REQUEST_INVALID' }]);
  }
});

test('the lists of clients and versions have pages, too', async () => {
  const versions = '/api/clients/client-01/rules/hot/versions';
  for (const severity of ['info', 'warning'])
    await api.request('/api/clients/client-01/rules/hot', {
      method: 'PUT',
      body: JSON.stringify(rule('hot', { severity } as never)),
    });
  const first = (await (await api.request(`${versions}?limit=2`)).json()) as { next: string };
  expect(first).toMatchObject({ versions: [{ version: 3 }, { version: 2 }] });
  const rest = await (await api.request(`${versions}?limit=2&cursor=${first.next}`)).json();
  expect(rest).toMatchObject({ versions: [{ version: 1 }], next: null });
  expect(await (await api.request('/api/clients?limit=1')).json()).toEqual({ clients: ['client-01'], next: null });
});
