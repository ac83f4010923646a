import { parseDuration } from '../../primitives/text/duration.ts';
import type { StoredRule } from './stored-rule.ts';

/** How far back in the stream a version of a rule begins, ms. */
export const backfillMs = ({ backfill }: StoredRule['rule']): number =>
  backfill === undefined ? 0 : (parseDuration(backfill) ?? 0);

/** From when on the partition sets of a version of a rule take events, if they begin with it, epoch ms. */
export const takesFrom = ({ rule, storedAtMs }: StoredRule): number => storedAtMs - backfillMs(rule);

/** When its sets begin that exist before any event. What the stream has lost is unknown: it is no silence. */
export function beginsAt(stored: StoredRule, stream: { first: number; firstAtMs: number }): number {
  const from = takesFrom(stored);
  return stream.first <= 1 ? from : Math.max(from, Math.min(stream.firstAtMs, stored.storedAtMs));
}
