import type { Cause } from '../model/cause.ts';
import { evidenceItem, fitting } from '../alerts/envelope.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { LiveSet } from '../partition-set/partition-set.ts';
import type { Member } from '../partition-set/partition-index.ts';
import type { Change, Named, ShareState, Tally } from './shard-state.ts';
import type { PartitionState } from '../model/partition-set-state.ts';

/** How the partitions of a set stand. */
export function tallyOf({ live, rosterLive, holders }: LiveSet): Tally {
  return { live, rosterLive, holding: holders.map(({ size }) => size) };
}

/** A partition, as the head of its set may name it. */
export function nameOf(set: LiveSet, partition: PartitionState): Named {
  const [item = null] = evidenceItem(set, partition);
  const trace = partition.last?.trace;
  return { key: partition.key, holds: partition.holds.map((since) => since > 0), item, ...(trace !== undefined && { trace }) };
}

/**
 * In a shard, in place of judging the set: notes what its head must know to judge it. Keys that were forgotten meanwhile
 * are those of partitions that satisfy nothing.
 */
export function note(set: LiveSet, share: ShareState, changed: readonly Member[], cause: Cause): void {
  if (set.rule.each) return;
  const change = changeOf(set, changed, cause);
  if (isSilenceAt(set, share, change.at)) flushHeard(share);
  if (matters(set, share, change)) return push(set, share, change);
  const isHeard = set.rule.noData !== null || change.at <= set.state.startedAt;
  if (cause.byClock || !isHeard) return;
  if (share.noted.lastEventAt === null || change.at <= set.state.startedAt) push(set, share, change);
  else share.heard = change;
}

/** Takes what the head has not been told yet. */
export function takeChanges(share: ShareState): Change[] {
  flushHeard(share);
  return share.log.splice(0);
}

/** Some of those that satisfy, for the head to name: so many for each level. */
export function someHolders(set: LiveSet, count: number): Named[] {
  const keys = new Set<string>();
  for (const holders of set.holders) {
    let left = count;
    for (const key of holders) {
      if (left-- === 0) break;
      keys.add(key);
    }
  }
  return fitting([...keys].flatMap((key) => set.state.partitions[key] ?? []).map((partition) => nameOf(set, partition)));
}

function changeOf(set: LiveSet, changed: readonly Member[], cause: Cause): Change {
  const { state } = set;
  const named = fitting(changed.slice(0, LIMITS.evidenceItems).map(({ partition }) => nameOf(set, partition)));
  return {
    at: state.now,
    byClock: cause.byClock,
    seq: state.mark,
    time: cause.at,
    ceased: cause.ceased,
    lastEventAt: state.lastEventAt,
    tally: tallyOf(set),
    named,
    more: changed.length > named.length,
    ...(cause.causedBy !== undefined && { causedBy: nameOf(set, cause.causedBy) }),
  };
}

/** Whether the head could judge otherwise. A partition that is merely new changes nothing for what is not about the live ones. */
function matters({ rule, state }: LiveSet, { noted }: ShareState, { tally, ceased }: Change): boolean {
  if (ceased !== 'cleared' || noted.ticks !== state.ticks || tally.live < noted.tally.live) return true;
  if (tally.holding.some((count, level) => count !== noted.tally.holding[level])) return true;
  const { evaluate: { type }, message = '', resolvedMessage = '' } = rule.rule;
  if (/total|percent/.test(message + resolvedMessage) && tally.live !== noted.tally.live) return true;
  return type !== 'any' && type !== 'count' && tally.live !== noted.tally.live;
}

/** Whether a head that knew of nothing since the newest change could take the set for silent. */
function isSilenceAt({ rule }: LiveSet, { noted }: ShareState, at: number): boolean {
  return rule.noData !== null && noted.lastEventAt !== null && at >= noted.lastEventAt + rule.noData.afterMs;
}

function push({ state }: LiveSet, share: ShareState, change: Change): void {
  share.log.push(change);
  share.heard = null;
  share.noted = { tally: change.tally, ticks: state.ticks, lastEventAt: change.lastEventAt };
}

function flushHeard(share: ShareState): void {
  if (share.heard === null) return;
  share.log.push(share.heard);
  share.noted.lastEventAt = share.heard.lastEventAt;
  share.heard = null;
}

