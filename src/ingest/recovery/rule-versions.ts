import { compileRule } from '../../core/compilation/compile-rule.ts';
import type { IndexedRule } from '../../core/matching/rule-index.ts';
import { inForceFromMs } from '../../core/model/version-times.ts';
import type { StoredRule } from '../../core/model/stored-rule.ts';
import type { EventLogPort, RuleFeedPort } from '../ports.ts';

/** The versions of a rule that match the same events as the current one since it last began anew, oldest first. */
export interface RuleVersions {
  versions: readonly [IndexedRule, ...IndexedRule[]];
  /** The bucket still has the first of them, and the stream has all events since. */
  isComplete: boolean;
}

export async function readVersions(
  entry: IndexedRule,
  rules: Pick<RuleFeedPort, 'history'>,
  log: Pick<EventLogPort, 'extent'>,
): Promise<RuleVersions> {
  const { rule, version } = entry.stored;
  const { changes, isWhole } = await rules.history(rule.clientId, rule.id);
  let found: IndexedRule[] = [];
  let hasFirst = isWhole;
  for (const change of changes) {
    if (change.version > version) break;
    const past = change.kind === 'put' ? entryOf(change) : undefined;
    if (past === undefined || !past.rule.enabled || past.rule.ids.route !== entry.rule.ids.route)
      [found, hasFirst] = [[], true];
    else if (isFresh(past.stored)) [found, hasFirst] = [[past], true];
    else found.push(past);
  }
  const [first = entry, ...later] = found;
  const extent = await log.extent();
  const hasEvents = extent.first <= 1 || extent.firstAtMs <= first.stored.storedAtMs;
  return { versions: [first, ...later], isComplete: hasFirst && hasEvents };
}

/**
 * The version for an event that was stored then (epoch ms); undefined before the first. Events of a pause are for the
 * version that ends it.
 */
export const versionAt = ({ versions }: RuleVersions, storedAtMs: number): IndexedRule | undefined =>
  versions.findLast(({ stored }) => inForceFromMs(stored) <= storedAtMs);

const isFresh = ({ resumed, version }: StoredRule): boolean =>
  resumed?.mode === 'afresh' && resumed.version === version;

const entryOf = (stored: StoredRule): IndexedRule => ({ stored, rule: compileRule(stored.rule) });
