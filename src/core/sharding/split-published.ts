import type { AlertComparison } from '../evaluation/correction/compare-published.ts';
import type { PublishedAlerts } from '../evaluation/correction/correct-alerts.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import type { StreamAlert } from '../model/alert/stream-alerts.ts';
import type { Scalar } from '../primitives/value.ts';
import { shardOf } from './shard-of.ts';

/* What a set has published, if it is split while it is compared with that: shards decide the alerts of their partitions. */

export interface SplitComparison {
  /** With the set's own alert. */
  own: AlertComparison;
  shares: AlertComparison[];
}

export function splitComparison(
  rule: CompiledRule,
  { alerts, ...stream }: AlertComparison,
  shards: number,
): SplitComparison {
  const own: AlertComparison = { ...stream, alerts: {} };
  const shares = Array.from({ length: shards }, (): AlertComparison => ({ ...stream, alerts: {} }));
  for (const [place, compared] of Object.entries(alerts)) {
    const shard = shardOfPublished(rule, { place, ...compared }, shards);
    const share = shard === null ? own : shares[shard];
    if (share !== undefined) share.alerts[place] = compared;
  }
  return { own, shares };
}

/** The shard that decides an alert of the stream; null: the coordinator. */
export const shardOfPublished = (
  rule: CompiledRule,
  { place, partition }: Pick<StreamAlert, 'place' | 'partition'>,
  shards: number,
): number | null => (place === '' && !rule.each ? null : shardOf(partitionKey(keyOf(rule, { partition })), shards));

/** The same for the alerts that a muted set had published. */
export function splitPublished(
  { generation, alerts }: PublishedAlerts,
  shards: number,
): { own: PublishedAlerts; shares: PublishedAlerts[] } {
  const of = (shard: number | null): PublishedAlerts => ({
    generation,
    alerts: alerts.filter(({ key }) => (key === undefined ? null : shardOf(partitionKey(key), shards)) === shard),
  });
  return { own: of(null), shares: Array.from({ length: shards }, (_, shard) => of(shard)) };
}

/** A later version of the rule may have other partitions: their properties are in the order of its `partitionBy`. */
const keyOf = ({ partitionBy }: CompiledRule, { partition }: Pick<StreamAlert, 'partition'>): Scalar[] =>
  partitionBy.every((name) => Object.hasOwn(partition, name))
    ? partitionBy.map((name) => partition[name] ?? null)
    : Object.values(partition);
