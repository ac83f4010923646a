import { compileRule } from '../../core/compilation/compile-rule.ts';
import type { IndexedRule } from '../../core/matching/rule-index.ts';
import { takesFrom } from '../../core/model/stored-rule/backfill.ts';
import { inForceFromMs } from '../../core/model/stored-rule/version-times.ts';
import type { StoredRule } from '../../core/model/stored-rule/stored-rule.ts';
import type { EventLogPort, RuleFeedPort } from '../ports.ts';

/** The versions of a rule that match the same events as the current one since it last began anew, oldest first. */
export interface RuleVersions {
  versions: readonly [IndexedRule, ...IndexedRule[]];
  /** The bucket still has the first of them, and the stream has all events since. */
  isComplete: boolean;
  /** What the stream had when they were read. */
  stream: { first: number; firstAtMs: number };
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
  const stream = await log.extent();
  const hasEvents = stream.first <= 1 || stream.firstAtMs <= takesFrom(first.stored);
  return { versions: [first, ...later], isComplete: hasFirst && hasEvents, stream };
}

/** The same from one version on, for a set that begins again with it. @throws Error if it is not known yet */
export function versionsFrom({ versions, ...others }: RuleVersions, version: number): RuleVersions {
  const [first, ...later] = versions.filter(({ stored }) => stored.version >= version);
  if (first === undefined) throw new Error(`version ${version} of the rule is not known yet`);
  return { ...others, versions: [first, ...later] };
}

/**
 * The version for an event stored at a time (epoch ms): the first also for those of its `backfill`; undefined before.
 * Events of a pause are for the version that ends it.
 */
export function versionAt({ versions }: RuleVersions, storedAtMs: number): IndexedRule | undefined {
  const [first] = versions;
  const inForce = versions.findLast(({ stored }) => inForceFromMs(stored) <= storedAtMs);
  return inForce ?? (takesFrom(first.stored) <= storedAtMs ? first : undefined);
}

const isFresh = ({ resumed, version }: StoredRule): boolean =>
  resumed?.mode === 'afresh' && resumed.version === version;

const entryOf = (stored: StoredRule): IndexedRule => ({ stored, rule: compileRule(stored.rule) });
