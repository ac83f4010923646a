import { takesFrom } from './backfill.ts';
import type { StoredRule } from './stored-rule.ts';

/* Which events a version of a rule gets. All times are of the stream, epoch ms. */

/** Events stored from then on are for this version. */
export function inForceFromMs({ version, storedAtMs, pause, resumed }: StoredRule): number {
  return resumed?.version === version ? resumed.fromMs : (pause?.fromMs ?? storedAtMs);
}

/** A group whose first event is stored from then on has a partition set: the rule may get events from before this version. */
export const groupsFromMs = (stored: StoredRule): number =>
  Math.min(takesFrom(stored), stored.resumed?.fromMs ?? Infinity);

/**
 * Whether a set that starts then publishes nothing until its rule was stored: what came before is over. What a rule has
 * missed while it was paused is not.
 */
export const startsInPast = (
  { storedAtMs, version, resumed }: Pick<StoredRule, 'storedAtMs' | 'version' | 'resumed'>,
  startedAtMs: number,
) => startedAtMs < storedAtMs && !(resumed?.mode === 'publish' && resumed.version === version);

/** From when on a reader must give a rule its events. `after`: the newest version for which it has done so. */
export const missingFromMs = (stored: StoredRule, after: number): number =>
  Math.min(takesFrom(stored), (stored.resumed?.version ?? 0) > after ? (stored.resumed?.fromMs ?? Infinity) : Infinity);

/** Whether a set with an older version of the rule ends, and begins anew with this one. */
export const beginsAnew = ({ resumed }: StoredRule, version: number): boolean =>
  resumed?.mode === 'afresh' && version < resumed.version;
