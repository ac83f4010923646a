import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { mergeReports, passTime, replaceCoordinatorRule } from '../../../src/core/sharding/merge.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import type { PartitionSet } from '../../../src/core/partition-set/partition-set.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import {
  compareMore,
  compareWith,
  correctCompared,
  type AlertComparison,
} from '../../../src/core/evaluation/correction/compare-published.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule } from '../../../src/core/matching/rule-index.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { ProjectedEvent } from '../../../src/core/model/event/projected-event.ts';
import { someSatisfying, takeChanges } from '../../../src/core/sharding/shard-changes.ts';
import { resumePiece } from '../../../src/core/sharding/piece.ts';
import type { PieceState } from '../../../src/core/sharding/shard-state.ts';
import { streamTime } from '../../../src/core/partition-set/waiting-events.ts';
import { splitPartitionSet } from '../../../src/core/sharding/split.ts';
import {
  advanceTo,
  applyEvent,
  arriveAt,
  acceptsEvent,
  openPartitionSet,
  replaceRule,
  takeAlerts,
} from '../../../src/core/evaluation/evaluate.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { coordinateShares } from '../../../workflows/shard/coordinate-shares.ts';
import type { StreamAlerts } from '../../../src/core/model/alert/stream-alerts.ts';
import { ShardCoordinator } from '../../../workflows/shard/shard-coordinator.ts';
import type { ShardMessage } from '../../../workflows/shard/messages.ts';
import { nextRunOf } from '../../support/evaluation/next-run.ts';
import type { Interruption, Recording } from './play.ts';
import { isUnpublished, streamAlertsOf } from './play-loss.ts';

export interface Splitting {
  /** Before which arrival. */
  at: number;
  shards: number;
}

/** An interruption that may also replace the rule by another version, with these fields changed. */
export type Turn = Interruption & { change?: object | undefined };

const EPOCH = 'epoch';
const isExact = (): boolean => true;
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/**
 * Plays a recording through a partition set that is split on the way: its coordinator and its shards, without Temporal
 * between them. Each interruption with an advance is a barrier; as with a reader that answers late, events may have
 * arrived since its time. A change of the rule happens at the time of the newest event, when other events of that
 * moment may still be in flight.
 * @param published by a set that lost its state: this one is rebuilt, and compared with that
 */
export function playSplit(
  { rule: first, start, until, arrivals }: Recording,
  { at: splitAt, shards: count }: Splitting,
  turns: readonly Turn[] = [],
  published: readonly AlertEnvelope[] = [],
): AlertEnvelope[] {
  let stored: StoredRule = { rule: first, version: 1, storedAtMs: start };
  let merged = openPartitionSet({ rule: first, ruleVersion: stored.version, group: [], atMs: start });
  let shards: PartitionSet[] = [];
  let coordinator: ShardCoordinator | null = null;
  let [clock, lastBarrierMs, changedAt] = [start, start, start];
  const alerts: AlertEnvelope[] = [];
  const setId = merged.rule.ids.of([]);
  const stream = streamAlertsOf(setId, published);
  /** Of the set or its coordinator, and of each shard. */
  let comparisons: (AlertComparison | undefined)[] = [
    stream && compareWith(merged, firstOf(stream), { lostWithinMs: 0 }),
  ];
  const collectOf = (set: PartitionSet, piece: number): void =>
    void alerts.push(...takeAlerts(set).filter((alert) => isUnpublished(comparisons[piece], setId, alert)));
  const collect = (): void => [merged, ...shards].forEach(collectOf);
  /** Corrects a piece that has handled everything that the stream covers. */
  const corrected = (set: PartitionSet, piece: number): PartitionSet => {
    const comparison = comparisons[piece];
    collectOf(set, piece);
    comparisons[piece] = undefined;
    return comparison === undefined ? set : correctCompared(set, comparison);
  };
  const split = (): void => {
    const { head: rest, shares } = splitPartitionSet(merged, count);
    coordinator = coordinateShares(
      {
        setId,
        epoch: EPOCH,
        rule: stored,
        shares,
        nowMs: streamTime(rest),
        unpublished: [],
        comparison: comparisons[0],
        signalsPerRun: undefined,
      },
      isExact,
    );
    comparisons = [
      coordinator.comparison ?? undefined,
      ...coordinator.outboxes.all.map(({ birth }) => birth?.comparison),
    ];
    merged = rest;
    shards = shares.map((state) => resumePiece(stored.rule, state));
  };
  const restore = (): void => {
    [merged, ...shards] = [merged, ...shards].map(({ state }) =>
      resumePiece(stored.rule, nextRunOf<PieceState>(state)),
    ) as [PartitionSet, ...PartitionSet[]];
    comparisons = comparisons.map((comparison) => comparison && copy(comparison));
    if (coordinator !== null) coordinator = new ShardCoordinator(copy(coordinator.carry()), stored, isExact);
  };
  /** Delivers the waiting messages to the shards, and their reports to the coordinator. */
  const serve = (coordinator: ShardCoordinator): void => {
    for (const [shard, { letters }] of coordinator.outboxes.all.entries())
      for (const message of letters.splice(0)) deliver(coordinator, shard, message);
    for (
      let barrier = coordinator.takeCompleteBarrier();
      barrier !== undefined;
      barrier = coordinator.takeCompleteBarrier()
    ) {
      const { letter: message, reports, after } = barrier;
      const untilMs = message.kind === 'cut' ? message.untilMs : merged.state.now - 1;
      if (merged.rule.each) passTime(merged, untilMs);
      else mergeReports(merged, reports, untilMs);
      if (message.kind === 'rule')
        merged = replaceCoordinatorRule(merged, message.rule.rule, message.rule.version, after, {
          holders: reports.flatMap(({ holders }) => holders),
          atMs: changedAt,
        });
      if (message.kind === 'cut' && message.corrects === true) {
        merged = corrected(merged, 0);
        coordinator.endComparison();
      }
    }
  };
  const deliver = (coordinator: ShardCoordinator, shard: number, message: ShardMessage): void => {
    let set = shards[shard] as PartitionSet;
    const { share } = set.state as PieceState;
    if (message.kind === 'events') return message.events.forEach((event) => applyEvent(set, event));
    const comparison = comparisons[shard + 1];
    if (message.kind === 'published') {
      if (comparison !== undefined) compareMore(set, comparison, message.alerts);
      return;
    }
    if (message.kind === 'end' || share === undefined) throw new Error('only shards receive barriers, and none ends');
    if (message.kind === 'cut') advanceTo(set, message.untilMs);
    if (message.kind === 'cut' && message.corrects === true) shards[shard] = set = corrected(set, shard + 1);
    if (set.state.waiting !== undefined) arriveAt(set, message.atMs ?? changedAt);
    const changes = takeChanges(share);
    if (message.kind === 'rule')
      shards[shard] = set = replaceRule(set, message.rule.rule, message.rule.version, { atMs: changedAt });
    const after = message.kind === 'rule' ? (takeChanges(share).at(-1) ?? null) : null;
    coordinator.receive({
      kind: 'report',
      epoch: EPOCH,
      round: message.round,
      shard,
      changes,
      holders: someSatisfying(set, LIMITS.evidenceItems),
      isLast: true,
      after,
    });
  };
  const barrierAt = (untilMs: number): void => {
    lastBarrierMs = untilMs;
    if (coordinator === null) return advanceTo(merged, untilMs);
    coordinator.advanceTo(untilMs);
    serve(coordinator);
  };
  const change = (words: object): void => {
    stored = { ...stored, rule: parseRule({ ...stored.rule, ...words }), version: stored.version + 1 };
    if (coordinator === null) return void (merged = replaceRule(merged, stored.rule, stored.version));
    changedAt = coordinator.carry().newestAtMs;
    coordinator.changeRule(stored);
    serve(coordinator);
  };
  const correctBefore = (atMs: number): void => {
    if (stream === undefined || comparisons[0] === undefined) return;
    const untilMs = stream.untilMs + merged.rule.lateToleranceMs;
    if (atMs <= untilMs) return;
    if (coordinator === null) {
      advanceTo(merged, untilMs);
      merged = corrected(merged, 0);
    } else {
      coordinator.correct(untilMs);
      serve(coordinator);
    }
  };
  const take = (event: ProjectedEvent): void => {
    if (coordinator === null) return applyEvent(merged, event);
    if (!acceptsEvent(merged.state, event)) return;
    coordinator.forward(event);
    coordinator.flush();
    serve(coordinator);
  };

  /** The alerts that do not fit into the first message follow before any event. */
  const compareFurther = (): void => {
    const [comparison] = comparisons;
    if (splitAt === 0) split();
    if (stream === undefined || comparison === undefined) return;
    coordinator?.compareMore(stream.alerts.slice(1));
    if (coordinator !== null) serve(coordinator);
    else compareMore(merged, comparison, stream.alerts.slice(1));
  };

  compareFurther();
  arrivals.forEach(({ sequence, at, time, data }, index) => {
    if (index === splitAt && index > 0) split();
    const event = toEvent({
      subject: `events.${first.clientId}.status`,
      payload: { ...data, time },
      sequence,
      storedAtMs: at,
    });
    const match = matchRule({ rule: merged.rule, stored }, event);
    if (match !== undefined) {
      clock = Math.max(clock, at);
      correctBefore(at);
    }
    const { advance, restore: restores = false, change: words } = turns[index] ?? {};
    if (advance !== undefined && clock - 1 > lastBarrierMs)
      barrierAt(lastBarrierMs + Math.floor(((clock - 1 - lastBarrierMs) * advance) / 100));
    collect();
    if (words !== undefined) change(words);
    collect();
    if (restores) restore();
    if (match !== undefined) take(projectEvent(merged.rule, event));
    collect();
  });
  correctBefore(Infinity);
  barrierAt(until);
  collect();
  return alerts;
}

const firstOf = (stream: StreamAlerts): StreamAlerts => ({ ...stream, alerts: stream.alerts.slice(0, 1) });

export const isOwn = ({ evaluate }: Rule): boolean => evaluate.type === 'each' || evaluate.type === 'sequence';
