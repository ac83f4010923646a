import type { JsMsg } from 'nats';
import { expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { ClientsBucket } from '../../../src/nats/buckets/clients-bucket.ts';
import { stateQuery } from '../../../workflows/messages.ts';
import { fileVigil } from '../../support/vigil/file-vigil.ts';
import { connectUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const PATIENT = { timeout: 60_000, interval: 50 };
const TEST_WITHIN_MS = 180_000;
const FILL_MS = 10_000;
const PER_SECOND = 1;
const EVENTS = 40;

// Already in force: one that is set over HTTP holds from the next minute on.
const operator = await connectUser(servers.natsUrl);
const clients = await ClientsBucket.open(operator.connection);
await clients.change('greedy', () => ({ eventRates: [{ fromMs: 0, perSecond: PER_SECOND }] }));
await operator.close();
const { vigil, user, temporal } = await fileVigil({
  servers,
  env: { VIGIL_QUOTA_RULES: '1', VIGIL_QUOTA_ALERTS_PER_MINUTE: '5', VIGIL_EVENT_ID: 'id' },
});

const ruleOf = (clientId: string, id = 'hot'): Rule =>
  parseRule({
    ...{ id, clientId, where: [{ property: 'm', exists: true }], partitionBy: ['m'] },
    evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
  });
const setOf = (clientId: string): string => partitionSetIds(ruleOf(clientId)).of([]);

/** Events of a client that got a token, by the stream alone; and the others. */
function split(messages: readonly JsMsg[]): { counted: number[]; over: number[] } {
  const taken = new Map<number, number>();
  const all = { counted: [] as number[], over: [] as number[] };
  for (const { seq, info } of messages) {
    const fill = Math.floor(info.timestampNanos / 1_000_000 / FILL_MS);
    taken.set(fill, (taken.get(fill) ?? 0) + 1);
    ((taken.get(fill) ?? 0) <= PER_SECOND * (FILL_MS / 1_000) ? all.counted : all.over).push(seq);
  }
  return all;
}

const machineOf = (message: JsMsg): string => message.json<{ m: string }>().m;
async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${vigil.app.url}/api/${path}`, init);
  expect(answer.ok).toBe(true);
  return answer.json();
}
const post = (path: string, body?: object): Promise<unknown> => ask('POST', path, body);
/** The value of a series with these labels; 0 if there is none. */
async function metric(name: string, ...labels: string[]): Promise<number> {
  const text = await (await fetch(`${vigil.app.url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((each) => each.startsWith(`${name}{`) && labels.every((label) => each.includes(label)));
  return Number(line?.split(' ').at(-1) ?? 0);
}
const overQuota = (clientId: string, quota: string): Promise<number> =>
  metric('vigil_over_quota_total', `client="${clientId}"`, `quota="${quota}"`);

it(
  'a tenant over its quota of events loses those to the dead letters, and nothing else; others notice nothing; a rebuild decides alike; a replay counts',
  async () => {
    const [greedy, calm] = await Promise.all(['greedy', 'calm'].map((clientId) => user.listen(clientId)));
    for (const clientId of ['greedy', 'calm']) await vigil.put(ruleOf(clientId));
    for (let n = 0; n < EVENTS; n++)
      for (const clientId of ['greedy', 'calm']) await user.send(clientId, { id: `e${n}`, m: `m${n}`, t: 90 });

    const stored = await user.read('EVENTS', 'events.greedy.>');
    const { counted, over } = split(stored);
    expect(over.length).toBeGreaterThan(0);
    const machines = stored.filter(({ seq }) => counted.includes(seq)).map(machineOf);
    await vi.waitFor(() => expect(calm).toHaveLength(EVENTS), PATIENT);
    const fired = (): unknown[] => (greedy ?? []).map(({ data }) => data.partition['m']);
    await vi.waitFor(() => expect(fired()).toEqual(machines), PATIENT);

    const deadLetters = async (): Promise<string[]> =>
      (await user.read('DEADLETTERS', 'deadletter.greedy')).map(
        ({ headers }) => `${headers?.get('Vigil-Reason')} ${headers?.get('Vigil-Sequence')}`,
      );
    await vi.waitFor(async () => expect(await deadLetters()).toEqual(over.map((seq) => `quota ${seq}`)), PATIENT);
    expect(await overQuota('greedy', 'eventsPerSecond')).toBe(over.length);
    expect(await user.read('DEADLETTERS', 'deadletter.calm')).toEqual([]);

    const set = temporal.workflow.getHandle(setOf('greedy'));
    const partitions = async (): Promise<number> => (await set.query(stateQuery)).live;
    expect(await partitions()).toBe(counted.length);
    expect(await post('clients/greedy/rules/hot/reset', { by: 'ana' })).toMatchObject({
      partitionSets: [{ workflowId: setOf('greedy') }],
    });
    await vi.waitFor(async () => expect(await set.query(stateQuery)).not.toHaveProperty('recovery'), PATIENT);
    expect(await partitions()).toBe(counted.length);
    expect(fired()).toEqual(machines);

    // The stream had its id less than two minutes before: it has not counted, so its replay does.
    const [letter] = await user.read('DEADLETTERS', 'deadletter.greedy');
    const newest = Math.max(...stored.map(({ info }) => info.timestampNanos)) / 1_000_000;
    await vi.waitUntil(() => Date.now() > newest + FILL_MS, PATIENT);
    await post(`dead-letters/${letter?.seq}/replay`);
    await vi.waitFor(() => expect(fired()).toEqual([...machines, letter && machineOf(letter)]), PATIENT);
  },
  TEST_WITHIN_MS,
);

it(
  'groups over the quota of partition sets are left out, until there is room',
  async () => {
    const own = (quotas: object): Promise<unknown> => ask('PUT', 'clients/grouped/quotas', quotas);
    await own({ partitionSets: 2 });
    const rule = parseRule({
      ...{ id: 'hot', clientId: 'grouped', where: [{ property: 'm', exists: true }], groupBy: ['m'] },
      evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
    });
    const alerts = await user.listen('grouped');
    await vigil.put(rule);
    const fired = (): unknown[] => alerts.map(({ data }) => data.group['m']);
    for (const m of ['a', 'b', 'c', 'a']) await user.send('grouped', { m, t: 90 });
    await vi.waitFor(async () => expect(await overQuota('grouped', 'partitionSets')).toBe(1), PATIENT);
    await vi.waitFor(() => expect(fired().toSorted()).toEqual(['a', 'b']), PATIENT);
    expect(vigil.complaintsOf('grouped').join()).toContain('as many partition sets as its quota allows');

    await own({ partitionSets: 3 });
    await vi.waitFor(async () => {
      await user.send('grouped', { m: 'c', t: 90 });
      expect(fired()).toContain('c');
    }, PATIENT);
    expect(await user.read('DEADLETTERS', 'deadletter.grouped')).toEqual([]);
  },
  TEST_WITHIN_MS,
);

it(
  'events of partitions over the quota are left out, until there is room',
  async () => {
    const own = (quotas: object): Promise<unknown> => ask('PUT', 'clients/fleet/quotas', quotas);
    await own({ partitions: 2 });
    const alerts = await user.listen('fleet');
    await vigil.put(ruleOf('fleet'));
    const firing = (): unknown[] =>
      alerts.filter(({ data }) => data.status === 'firing').map(({ data }) => data.partition['m']);
    for (const m of ['a', 'b', 'c', 'a']) await user.send('fleet', { m, t: 90 });
    await vi.waitFor(() => expect(firing()).toEqual(['a', 'b']), PATIENT);
    await vi.waitFor(
      () => expect(alerts.map(({ data }) => data.message).join()).toContain('the quota of the client'),
      PATIENT,
    );
    await vi.waitFor(
      async () => expect(await metric('vigil_events_overflow_total', 'client="fleet"')).toBe(1),
      PATIENT,
    );

    await own({ partitions: 3 });
    await vi.waitFor(async () => {
      await user.send('fleet', { m: 'c', t: 90 });
      expect(firing()).toEqual(['a', 'b', 'c']);
    }, PATIENT);
    expect(await user.read('DEADLETTERS', 'deadletter.fleet')).toEqual([]);
  },
  TEST_WITHIN_MS,
);

it(
  'alerts over the quota of notifications are all in the stream and in the list',
  async () => {
    await vi.waitFor(async () => expect(await overQuota('calm', 'alertsPerMinute')).toBeGreaterThan(0), PATIENT);
    expect(await user.read('ALERTS', 'alerts.calm.hot')).toHaveLength(EVENTS);
    const list = (await (await fetch(`${vigil.app.url}/api/clients/calm/alerts?limit=100`)).json()) as {
      alerts: unknown[];
    };
    expect(list.alerts).toHaveLength(EVENTS);
  },
  TEST_WITHIN_MS,
);

it('a rule over the quota of rules is refused', async () => {
  const { id, clientId: _, ...rule } = ruleOf('calm', 'second');
  const put = (): Promise<Response> =>
    fetch(`${vigil.app.url}/api/clients/calm/rules/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    });
  const refused = await put();
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'QUOTA_RULES', fields: { quota: 1 } }]);
  const own = { method: 'PUT', body: JSON.stringify({ rules: 2 }) };
  expect((await fetch(`${vigil.app.url}/api/clients/calm/quotas`, own)).status).toBe(200);
  expect((await put()).status).toBe(201);
});

it('workflows and activities carry the tenant as the key of fairness', async () => {
  const { events } = await temporal.workflow.getHandle(setOf('calm')).fetchHistory();
  const keys = (events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: activity, workflowExecutionStartedEventAttributes: workflow }) => {
      const of = activity ?? workflow;
      return of ? [`${activity?.activityType?.name ?? 'workflow'} ${of.priority?.fairnessKey ?? ''}`] : [];
    },
  );
  expect(new Set(keys)).toEqual(new Set(['workflow calm', 'publishAlerts calm']));
});
