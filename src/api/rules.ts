import { Hono, type Context } from 'hono';
import { writeForOthers } from '../core/primitives/text/write-json.ts';
import { VigilError } from '../core/primitives/errors.ts';
import { ID_PATTERN } from '../core/model/ids.ts';
import { isoTime } from '../core/primitives/text/iso-time.ts';
import { parseRule } from '../core/language/parse/parse-rule.ts';
import type { CountedRule, StoredRule } from '../core/model/stored-rule.ts';
import { RequestError } from './errors.ts';
import type { ApiDeps, RulesPort, SetsPort, SetSummary } from './ports.ts';
import { clientIdOf, readRule, type JsonObject } from './request.ts';

type SetStatus = SetSummary['status'];

/** Routes under `/clients/:clientId/rules`. */
export function ruleRoutes({ rules, sets }: Pick<ApiDeps, 'rules' | 'sets'>): Hono {
  const app = new Hono();

  app.get('/clients/:clientId/rules', async (c) => {
    const clientId = clientIdOf(c);
    const [stored, found] = await Promise.all([rules.list(clientId), setsOrProblem(sets, clientId)]);
    const { summaries, problem } = found;
    return answer(c, {
      rules: stored.map((entry) => ({ ...described(entry), ...presentStatus(entry, summaries) })),
      ...(problem && { problem }),
    });
  });

  app.get('/clients/:clientId/rules/:ruleId', async (c) => {
    const stored = await ruleIn(rules, c);
    c.header('etag', etagOf(stored));
    return answer(c, described(stored));
  });

  app.put('/clients/:clientId/rules/:ruleId', async (c) => {
    const address = { clientId: clientIdOf(c), id: c.req.param('ruleId') };
    const body = await readRule(c);
    refuseContradiction(body, address);
    const rule = parseRule({ ...body, ...address });
    const existed = (await rules.get(rule.clientId, rule.id)) !== null;
    const stored = await rules.put(rule, versionIn(c));
    c.header('etag', etagOf(stored));
    return answer(c, described(stored), existed ? 200 : 201);
  });

  app.delete('/clients/:clientId/rules/:ruleId', async (c) => {
    const clientId = clientIdOf(c);
    const ruleId = c.req.param('ruleId');
    const deleted = ID_PATTERN.test(ruleId) && (await rules.delete(clientId, ruleId, versionIn(c)));
    if (!deleted) throw notFound(clientId, ruleId);
    return c.body(null, 204);
  });

  return app;
}

/** The rule of the path. @throws VigilError RULE_NOT_FOUND */
export async function ruleIn(rules: RulesPort, c: Context): Promise<CountedRule> {
  const [clientId, ruleId] = [clientIdOf(c), c.req.param('ruleId') ?? ''];
  const stored = ID_PATTERN.test(ruleId) ? await rules.get(clientId, ruleId) : null;
  if (stored === null) throw notFound(clientId, ruleId);
  return stored;
}

/** The operands of a rule may be numbers that JSON.stringify would not write. */
export const answer = (c: Context, body: object, status: 200 | 201 = 200): Response =>
  c.body(writeForOthers(body), status, { 'content-type': 'application/json' });

export const etagOf = ({ version }: StoredRule): string => `"${version}"`;

/** The version that the header If-Match asks for. @throws RequestError REQUEST_INVALID */
export function versionIn(c: Context): number | undefined {
  const header = c.req.header('if-match');
  if (header === undefined || header.trim() === '*') return undefined;
  const [, version] = /^\s*"(\d{1,15})"\s*$/.exec(header) ?? [];
  if (version !== undefined) return Number(version);
  const advice = 'If-Match takes the ETag of a rule: its version in quotes, such as "17".';
  throw new RequestError('REQUEST_INVALID', advice, { ifMatch: header.slice(0, 100) });
}

export const described = ({ rule, version, edition, storedAtMs }: CountedRule) => ({
  rule,
  version,
  edition,
  storedAt: isoTime(storedAtMs),
});

/** Rules are stored in NATS, so they can be read and changed without Temporal; only their status is unknown then. */
async function setsOrProblem(
  sets: SetsPort,
  clientId: string,
): Promise<{ summaries: SetSummary[] | null; problem?: { code: string; message: string } }> {
  try {
    return { summaries: await sets.list(clientId) };
  } catch (error) {
    if (!(error instanceof VigilError) || error.code !== 'TEMPORAL_UNREACHABLE') throw error;
    const { code, message } = error;
    return { summaries: null, problem: { code, message } };
  }
}

/** The worst status of the rule's partition sets and the count for each status. `summaries` null: unknown. */
function presentStatus({ rule }: StoredRule, summaries: readonly SetSummary[] | null) {
  if (summaries === null)
    return { status: rule.enabled === false ? ('disabled' as const) : ('unknown' as const), sets: null };
  const count: Record<SetStatus, number> = { firing: 0, pending: 0, inactive: 0 };
  for (const set of summaries) if (set.ruleId === rule.id) count[set.status] += 1;
  const worst: SetStatus = count.firing > 0 ? 'firing' : count.pending > 0 ? 'pending' : 'inactive';
  return { status: rule.enabled === false ? ('disabled' as const) : worst, sets: count };
}

function refuseContradiction(body: JsonObject, address: { clientId: string; id: string }): void {
  for (const key of ['clientId', 'id'] as const) {
    const stated = body[key];
    if (stated === undefined || stated === address[key]) continue;
    const advice = `Set its ${key} to "${address[key]}" as in the path, or remove ${key} from the rule.`;
    throw new VigilError('RULE_ID_MISMATCH', advice, { property: key, address: address[key] });
  }
}

export const notFound = (clientId: string, ruleId: string): VigilError =>
  new VigilError('RULE_NOT_FOUND', `List the rules with GET /api/clients/${clientId}/rules.`, { clientId, ruleId });
