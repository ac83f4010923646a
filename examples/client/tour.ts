/*
 * The tour of examples/tour.sh by a client whose types are generated from vigil's OpenAPI document:
 *
 *   npx openapi-typescript http://localhost:3000/api/openapi.json --default-non-nullable=false -o vigil.ts
 */
import createClient from 'openapi-fetch';
import type { components, paths } from './vigil.ts';

/** The preview could also answer with lines of its progress. */
type Media = 'application/json' | 'application/problem+json';
type Rule = components['schemas']['RuleBody'];

const above = (celsius: number): Rule => ({
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'celsius', gt: celsius } },
});

/** Leads through the operation of a rule. Returns what it saw. */
export async function tour(baseUrl: string) {
  const vigil = createClient<paths, Media>({ baseUrl });
  const RULE = '/api/clients/{clientId}/rules/{ruleId}';
  const client = { path: { clientId: 'tour' } };
  const rule = { path: { clientId: 'tour', ruleId: 'too-hot' } };
  const explain = async (partition?: string) =>
    (await vigil.GET(`${RULE}/explain`, { params: { ...rule, query: { partition } } })).data;
  const send = (celsius: number) =>
    vigil.POST('/api/clients/{clientId}/events/{type}', {
      params: { path: { clientId: 'tour', type: 'temperature' } },
      body: { machineId: 'm1', celsius },
    });

  // Create a rule: any machine is above 80 degrees. First see what it would have done.
  const draft = { rule: { id: 'too-hot', clientId: 'tour', ...above(80) }, since: '1h' };
  const preview = await vigil.POST('/api/clients/{clientId}/rules/preview', { params: client, body: draft });
  const created = await vigil.PUT(RULE, { params: rule, body: above(80) });

  // No event has come yet. A machine reports 75 degrees: why does the rule not fire?
  const empty = await until(explain, ({ where }) => where !== undefined);
  const event = await send(75);
  await until(explain, ({ across }) => across?.live === 1);
  const condition = (await explain('m1'))?.partition?.levels[0]?.condition;

  // It reports 85 degrees: the alert fires.
  await send(85);
  await until(explain, ({ alert }) => alert?.state === 'firing');
  const firing = await until(
    async () => (await vigil.GET('/api/clients/{clientId}/alerts', { params: client })).data,
    ({ alerts }) => alerts.length > 0,
  );
  const listed = await vigil.GET('/api/clients/{clientId}/rules', {
    params: { ...client, query: { status: ['firing'], limit: 10 } },
  });

  // Say that you take care of it, and notify nobody for two hours.
  const alert = { path: { clientId: 'tour', alertId: firing.alerts[0]?.id ?? '' } };
  const acknowledged = await vigil.POST('/api/clients/{clientId}/alerts/{alertId}/acknowledge', {
    params: alert,
    body: { by: 'ana', note: 'Replacing the filter.' },
  });
  const snoozed = await vigil.POST('/api/clients/{clientId}/alerts/snooze', {
    params: client,
    body: { ids: [alert.path.alertId], by: 'ana', until: new Date(Date.now() + 2 * 3_600_000).toISOString() },
  });
  const unsnoozed = await vigil.POST('/api/clients/{clientId}/alerts/{alertId}/unsnooze', {
    params: alert,
    body: { by: 'ana' },
  });
  const life = await until(
    async () => (await vigil.GET('/api/clients/{clientId}/alerts/{alertId}', { params: alert })).data,
    ({ status }) => status === 'unsnoozed',
  );

  // What would another threshold do? Then edit the rule, unless somebody else has changed it: the alert resolves.
  const dryRun = await vigil.PUT(RULE, { params: { ...rule, query: { dryRun: 'true' } }, body: above(90) });
  const compared = await vigil.POST('/api/clients/{clientId}/rules/preview', {
    params: client,
    body: { rule: { ...draft.rule, ...above(90) }, since: '1h' },
  });
  const header = { 'if-match': dryRun.response.headers.get('etag') ?? '' };
  const edited = await vigil.PUT(RULE, { params: { ...rule, header }, body: above(90) });
  await until(explain, ({ alert }) => alert?.state === 'inactive');
  const refused = await vigil.PUT(RULE, { params: { ...rule, header }, body: above(95) });

  // Take the edit back: the alert fires again.
  const history = await vigil.GET(`${RULE}/versions`, { params: rule });
  const back = await vigil.POST(`${RULE}/rollback`, {
    params: rule,
    body: { version: created.data?.version ?? 0 },
  });
  const again = await until(explain, ({ alert }) => alert?.state === 'firing');

  // Look into its partition set, rebuild it from the event stream, and delete the rule.
  const sets = await vigil.GET(`${RULE}/partition-sets`, { params: rule });
  const set = { path: { ...rule.path, partitionSetId: sets.data?.partitionSets[0]?.id ?? '' } };
  const partitions = await vigil.GET(`${RULE}/partition-sets/{partitionSetId}/partitions`, {
    params: { ...set, query: { sort: 'value', state: ['live'] } },
  });
  const reset = await vigil.POST(`${RULE}/reset`, { params: rule, body: { by: 'ana' } });
  const deleted = await vigil.DELETE(RULE, { params: rule });
  const audit = await vigil.GET('/api/clients/{clientId}/audit', { params: { ...client, query: { limit: 1 } } });

  return {
    preview: preview.data?.preview.alerts.count,
    created: created.response.status,
    read: empty.where?.read,
    event: event.response.status,
    lacks: condition?.kind === 'leaf' ? condition.lacks : undefined,
    listed: listed.data?.rules.map(({ rule: { id }, status }) => [id, status]),
    acknowledged: acknowledged.data?.acknowledged?.by,
    snoozed: snoozed.data?.alerts.map((each) => ('problem' in each ? each.problem.code : each.changed)),
    unsnoozed: unsnoozed.data?.changed,
    life: life.transitions.map(({ status }) => status),
    dryRun: dryRun.data !== undefined && 'diff' in dryRun.data ? dryRun.data.effects.kind : undefined,
    compared: compared.data?.difference?.onlyRunning.count,
    edited: edited.data?.edition,
    refused: [refused.response.status, refused.error?.code],
    history: history.data?.versions.map(({ change }) => change),
    back: back.data?.change,
    episode: again.alert?.episode,
    partitions: partitions.data?.partitions.map(({ partition, value }) => [partition, value]),
    reset: reset.data?.partitionSets.map(({ problem }) => problem ?? 'reset'),
    deleted: deleted.response.status,
    audit: audit.data?.entries.map(({ action, result }) => [action, result]),
  };
}

const TRIES = 100;
const AGAIN_AFTER_MS = 200;

/** Asks again until it is so: events take a moment. */
async function until<Answer>(
  ask: () => Promise<Answer | undefined>,
  isSo: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await ask();
    if (answer !== undefined && isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
  throw new Error('It does not become so.');
}
