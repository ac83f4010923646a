import { Hono, type Context } from 'hono';
import { parseRule } from '../core/language/parse/parse-rule.ts';
import { ID_PATTERN } from '../core/model/ids.ts';
import type { RuleChange } from '../core/model/stored-rule.ts';
import { VigilError } from '../core/primitives/errors.ts';
import { isoTime } from '../core/primitives/text/iso-time.ts';
import type { ApiDeps, RulesPort } from './ports.ts';
import { clientIdOf, readObject } from './request.ts';
import { answer, described, etagOf, notFound, versionIn } from './rules.ts';
import { RequestError } from './errors.ts';

/** Routes under `/clients/:clientId/rules/:ruleId/versions`, and the rollback to a version. */
export function versionRoutes({ rules }: Pick<ApiDeps, 'rules'>): Hono {
  const app = new Hono();

  app.get('/clients/:clientId/rules/:ruleId/versions', async (c) => {
    const { changes, isWhole } = await historyOf(rules, c);
    return answer(c, { versions: changes.map(summary).reverse(), isWhole });
  });

  app.get('/clients/:clientId/rules/:ruleId/versions/:version', async (c) => {
    const { changes } = await historyOf(rules, c);
    const { rule, version, storedAtMs } = find(changes, c.req.param('version'));
    return answer(c, { rule, version, storedAt: isoTime(storedAtMs) });
  });

  app.post('/clients/:clientId/rules/:ruleId/rollback', async (c) => {
    const { changes } = await historyOf(rules, c);
    const { version } = await readObject(c, 'Send {"version": 17}, the version to return to.');
    // Today's checks apply, not those of its time.
    const stored = await rules.put(parseRule(find(changes, String(version)).rule), versionIn(c));
    c.header('etag', etagOf(stored));
    return answer(c, described(stored));
  });

  return app;
}

async function historyOf(rules: RulesPort, c: Context): Promise<{ changes: RuleChange[]; isWhole: boolean }> {
  const [clientId, ruleId] = [clientIdOf(c), c.req.param('ruleId') ?? ''];
  const history = ID_PATTERN.test(ruleId) ? await rules.history(clientId, ruleId) : { changes: [], isWhole: true };
  if (history.changes.length === 0) throw notFound(clientId, ruleId);
  return history;
}

const summary = ({ kind, version, storedAtMs }: RuleChange) => ({
  version,
  change: kind === 'put' ? 'stored' : 'deleted',
  storedAt: isoTime(storedAtMs),
});

function find(changes: readonly RuleChange[], version: string): RuleChange & { kind: 'put' } {
  const known = changes.filter((change) => change.kind === 'put');
  const found = known.find((change) => String(change.version) === version);
  if (found !== undefined) return found;
  const versions = known.map((change) => change.version);
  if (!/^\d+$/.test(version)) {
    const advice = `A version is a number, one of ${versions.join(', ')}.`;
    throw new RequestError('REQUEST_INVALID', advice, { version, versions });
  }
  throw new VigilError('RULE_VERSION_NOT_FOUND', `vigil has ${versions.join(', ')}.`, { version, versions });
}
