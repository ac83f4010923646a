import { assemble, type ShardReport } from '../../src/core/assembly.ts';
import type { AlertEnvelope } from '../../src/core/alert.ts';
import { toEvent } from '../../src/core/event.ts';
import { LIMITS } from '../../src/core/limits.ts';
import type { LiveSet } from '../../src/core/live-set.ts';
import { partitionKey } from '../../src/core/members.ts';
import { matchRule } from '../../src/core/routing.ts';
import type { Rule } from '../../src/core/rule-schema.ts';
import { toSetEvent } from '../../src/core/set-event.ts';
import { shardOf } from '../../src/core/shard-of.ts';
import { someHolders, takeChanges } from '../../src/core/share.ts';
import { splitSet } from '../../src/core/split.ts';
import type { SetState } from '../../src/core/state.ts';
import { advanceTo, applyEvent, openSet, resumeSet, takeAlerts } from '../../src/core/step.ts';
import type { Interruption, Recording } from './play.ts';

export interface Splitting {
  /** Before which of the arrivals. */
  at: number;
  shards: number;
}

/** Plays a recording through a set that is split on the way. Each interruption with an advance is a cut. */
export function playSplit({ rule, start, until, arrivals }: Recording, { at: splitAt, shards: count }: Splitting, interruptions: readonly Interruption[] = []): AlertEnvelope[] {
  let head = openSet({ rule, ruleVersion: 1, group: [], atMs: start });
  let shards: LiveSet[] = [];
  const alerts: AlertEnvelope[] = [];
  const restored = (set: LiveSet): LiveSet => resumeSet(rule, JSON.parse(JSON.stringify(set.state)) as SetState);
  const collect = (): void => [head, ...shards].forEach((set) => alerts.push(...takeAlerts(set)));
  const cut = (untilMs: number): void => {
    if (shards.length === 0) return advanceTo(head, untilMs);
    const reports = shards.map((set, shard): ShardReport => {
      advanceTo(set, untilMs);
      const { share } = set.state;
      if (share === undefined) throw new Error('a shard is one');
      return { shard, changes: takeChanges(share), holders: someHolders(set, LIMITS.evidenceItems) };
    });
    if (!isOwn(rule)) assemble(head, reports, untilMs);
  };
  let clock = start;
  arrivals.forEach(({ sequence, at, time, data }, index) => {
    if (index === splitAt) {
      const split = splitSet(head, count);
      head = split.head;
      shards = split.shares.map((state) => resumeSet(rule, state));
    }
    const event = toEvent({ subject: `events.${rule.clientId}.status`, payload: { ...data, time }, sequence, storedAtMs: at });
    const match = matchRule({ rule: head.rule, stored: { rule, version: 1, storedAtMs: start } }, event);
    if (match !== undefined) clock = Math.max(clock, at);
    const { advance, restore = false } = interruptions[index] ?? {};
    const now = Math.max(head.state.now, ...shards.map(({ state }) => state.now));
    if (advance !== undefined && clock - 1 > now) cut(now + Math.floor(((clock - 1 - now) * advance) / 100));
    collect();
    if (restore) [head, shards] = [restored(head), shards.map(restored)];
    if (match === undefined) return;
    const key = partitionKey(match.rule.partitionOf(event.data) ?? []);
    const wanted = toSetEvent(head.rule, event);
    // The head sees to it that the clock of its shards never runs back.
    applyEvent(shards[shardOf(key, count)] ?? head, shards.length === 0 ? wanted : { ...wanted, at: Math.max(wanted.at, clock) });
    collect();
  });
  cut(until);
  collect();
  return alerts;
}

export const isOwn = ({ evaluate }: Rule): boolean => evaluate.type === 'each' || evaluate.type === 'sequence';
