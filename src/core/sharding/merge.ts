import { compileRule } from '../compilation/compile-rule.ts';
import { newPartition, type PartitionSet } from '../partition-set/partition-set.ts';
import { jsonBytes } from '../primitives/text/bytes.ts';
import { LIMITS } from '../primitives/limits.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import { clockAt } from '../partition-set/waiting-events.ts';
import { emitHeartbeat, reevaluateSet } from '../evaluation/reevaluate.ts';
import type { Cause } from '../model/alert/cause.ts';
import type { ShardChange, NamedPartition, PieceState } from './shard-state.ts';
import { applyLatchChanges, isLatched, noteFiring, openLatches } from './hysteresis-counts.ts';
import { shardOf } from './shard-of.ts';
import { contributors } from '../alerts/envelope.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import { AFTER_EVENTS, BEFORE_EVENTS } from '../evaluation/partition/hysteresis.ts';
import { continuationOf } from '../evaluation/continuation.ts';
import { advanceClockTo, advanceTo, replaceRule, type RuleChange } from '../evaluation/evaluate.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';

/** The changes that one shard recorded up to a time. */
export interface ShardReport {
  shard: number;
  changes: ShardChange[];
  /** Stored name: some of the partitions that satisfy, as of that time. */
  holders: NamedPartition[];
}

interface RecordedChange {
  shard: number;
  change: ShardChange;
}

/**
 * Judges a split set up to and including `untilMs` of the stream's clock (epoch ms) as if it were whole: after every
 * event, and once for each time at which something was due. Every shard must have reported everything up to then.
 */
export function mergeReports(coordinator: PartitionSet, reports: readonly ShardReport[], untilMs: number): void {
  const recorded = reports
    .flatMap(({ shard, changes }) => changes.map((change): RecordedChange => ({ shard, change })))
    .sort(inOrder);
  for (let next = 0; next < recorded.length;) {
    const { at, byClock } = (recorded[next] as RecordedChange).change;
    const end = byClock ? endOfMoment(recorded, next) : endOfEvent(recorded, next);
    judgeTogether(coordinator, recorded.slice(next, end), at, byClock);
    next = end;
  }
  advanceWith(coordinator, untilMs, advanceTo);
  for (const { holders } of reports)
    for (const partition of holders) if (isWorthKeeping(coordinator, partition)) keepName(coordinator, partition);
}

/** Handles the deadlines of the set itself. */
function advanceWith(coordinator: PartitionSet, untilMs: number, advance: typeof advanceTo): void {
  const { episode } = coordinator.state.alert;
  advance(coordinator, untilMs);
  // All earlier events are judged, and those of its clock's time.
  noteFiring(coordinator, episode, coordinator.state.now, AFTER_EVENTS);
}

/** Events of a moment come before its deadlines, in stream order. */
function inOrder({ change: a }: RecordedChange, { change: b }: RecordedChange): number {
  return (
    (a.position ?? a.at) - (b.position ?? b.at) ||
    Number(a.byClock) - Number(b.byClock) ||
    (a.byClock ? 0 : a.seq - b.seq)
  );
}

function endOfMoment(recorded: readonly RecordedChange[], from: number): number {
  let end = from;
  while (end < recorded.length && recorded[end]?.change.at === recorded[from]?.change.at) end += 1;
  return end;
}

/** An event for all partitions changes several shards at once. */
function endOfEvent(recorded: readonly RecordedChange[], from: number): number {
  const { at, seq, shared } = (recorded[from] as RecordedChange).change;
  let end = from + 1;
  const isSame = (next: ShardChange): boolean =>
    shared === true && next.shared === true && next.at === at && next.seq === seq;
  while (end < recorded.length && isSame((recorded[end] as RecordedChange).change)) end += 1;
  return end;
}

function judgeTogether(
  coordinator: PartitionSet,
  recorded: readonly RecordedChange[],
  at: number,
  byClock: boolean,
): void {
  const { state } = coordinator;
  // The set's own earlier deadlines; times are whole milliseconds.
  advanceWith(coordinator, at - 1, advanceClockTo);
  state.now = Math.max(state.now, at);
  for (const { shard, change } of recorded) applyChange(coordinator, shard, change);
  const changes = recorded.map(({ change }) => change);
  const stale = changes.find(({ ceased }) => ceased !== 'cleared');
  const causes = changes
    .flatMap(({ causedBy }) => causedBy ?? [])
    .sort((a, b) => (partitionKey(a.key) < partitionKey(b.key) ? -1 : 1));
  const causedBy =
    causes[0] && (state.partitions[partitionKey(causes[0].key)] ?? placeholderOf(coordinator, causes[0]));
  const { episode } = state.alert;
  const { time = at, arrivedAt, position = at, seq = 0 } = changes[0] ?? {};
  const cause: Cause = { at: time, ceased: stale?.ceased ?? 'cleared', byClock, causedBy };
  if (arrivedAt !== undefined) cause.arrivedAt = arrivedAt;
  if (coordinator.mayProve !== undefined) cause.mayProve = coordinator.mayProve;
  // What removes a partition proves nothing.
  if (cause.ceased === 'forgotten') cause.mayProve = () => false;
  reevaluateSet(coordinator, [], cause);
  noteFiring(coordinator, episode, position, byClock ? AFTER_EVENTS : seq);
  if (byClock) emitHeartbeat(coordinator);
}

function applyChange(coordinator: PartitionSet, shard: number, change: ShardChange): void {
  const { tally, lastEventAt, named, more, latched = [] } = change;
  const { satisfying, unknown } = coordinator;
  const state: PieceState = coordinator.state;
  const tallies = state.assembly?.tallies ?? [];
  const before = tallies[shard];
  tallies[shard] = tally;
  coordinator.live += tally.live - (before?.live ?? 0);
  coordinator.rosterLive += tally.rosterLive - (before?.rosterLive ?? 0);
  for (const [level, keys] of satisfying.entries()) {
    keys.size += (tally.holding[level] ?? 0) - (before?.holding[level] ?? 0);
    unknown[level] = (unknown[level] ?? 0) + (tally.unknown?.[level] ?? 0) - (before?.unknown?.[level] ?? 0);
  }
  applyLatchChanges(coordinator, latched);
  coordinator.forgotten += (tally.forgotten ?? 0) - (before?.forgotten ?? 0);
  coordinator.across?.replacePart(shard, tally.part);
  if (lastEventAt !== null) state.lastEventAt = Math.max(state.lastEventAt ?? lastEventAt, lastEventAt);
  if (more)
    for (const key of Object.keys(state.partitions))
      if (shardOf(key, tallies.length) === shard) forget(coordinator, key);
  for (const partition of named) keepName(coordinator, partition);
}

/** More names than an alert shows, so that some remain when partitions stop satisfying. */
const NAMES_KEPT = 2 * LIMITS.evidenceItems;

/** Upper bound of their bytes in the coordinator's state. */
const NAMES_BYTES = 262_144;
/** Bytes of one with a short key, which the state holds escaped, unescaped, and inside the evidence. */
const NAME_BYTES = 400;
const NAME_COPIES = 3;
/** Most bytes that a character takes in JSON. */
const ESCAPE_BYTES = 6;

/** Of those that contribute most to a value, `keepName` decides. */
const isWorthKeeping = ({ state, across }: PartitionSet, { key }: NamedPartition): boolean =>
  across !== null ||
  (Object.keys(state.partitions).length < NAMES_KEPT && !Object.hasOwn(state.partitions, partitionKey(key)));

/**
 * Keeps a partition by name while it satisfies; drops the oldest name if there are too many, or the one that contributes
 * least to the value of the set.
 */
export function keepName(coordinator: PartitionSet, named: NamedPartition): void {
  const { partitions } = coordinator.state;
  const key = partitionKey(named.key);
  const known = partitions[key];
  const { holds, ...partition } = placeholderOf(coordinator, named);
  const since = holds.map((held, level) =>
    held === 0 ? 0 : (known?.holds[level] ?? 0) || (coordinator.state.ticks += 1),
  );
  if (!since.some((tick) => tick > 0)) return forget(coordinator, key);
  delete partitions[key];
  partitions[key] = { ...partition, holds: since };
  // A known partition keeps its place: oldest first.
  since.forEach((tick, level) =>
    tick > 0 ? coordinator.satisfying[level]?.add(key) : coordinator.satisfying[level]?.delete(key),
  );
  const keys = coordinator.across === null ? Object.keys(partitions) : [...contributors(coordinator)].reverse();
  const properties = coordinator.rule.partitionBy.join('').length;
  const bytesOf = (each: string): number => nameBytes(each, partitions[each]) + ESCAPE_BYTES * properties;
  let bytes = keys.reduce((sum, each) => sum + bytesOf(each), 0);
  while (keys.length > NAMES_KEPT || (keys.length > 1 && bytes > NAMES_BYTES)) {
    const oldest = keys.shift() as string;
    bytes -= bytesOf(oldest);
    forget(coordinator, oldest);
  }
}

/**
 * Upper bound of the bytes that a coordinator keeps of a name. Cheap, because it runs for all names whenever one is
 * added.
 */
function nameBytes(key: string, partition: PartitionState | undefined): number {
  const value = partition?.shown?.value;
  const messageValues = partition?.messageValues === undefined ? 0 : jsonBytes(partition.messageValues);
  return (
    messageValues +
    NAME_BYTES +
    ESCAPE_BYTES * (NAME_COPIES * key.length + (typeof value === 'string' ? value.length : 0))
  );
}

function forget({ state, satisfying }: PartitionSet, key: string): void {
  delete state.partitions[key];
  for (const keys of satisfying) keys.delete(key);
}

/** Represents a partition whose state is in a shard. */
function placeholderOf(coordinator: PartitionSet, named: NamedPartition): PartitionState {
  const { rule } = coordinator;
  const { key, holds, item, trace, messageValues } = named;
  const latched = (named.latched ?? []).map((latch) =>
    latch !== null && isLatched(coordinator, latch.mark) ? latch : null,
  );
  const last =
    item === null
      ? null
      : { sequence: item.sequence, timeMs: Date.parse(item.time), ...(trace !== undefined && { trace }) };
  return {
    ...newPartition(rule, key),
    stores: [],
    memory: [],
    last,
    holds: holds.map((held, level) => Number(held || (latched[level] ?? null) !== null)),
    ...(latched.some((latch) => latch !== null) && { latched }),
    ...(item !== null && { shown: item }),
    ...(messageValues !== undefined && { messageValues }),
  };
}

/** Moves the clock of a coordinator whose alerts are all in its shards: nothing is due in itself. */
export function passTime(coordinator: PartitionSet, untilMs: number): void {
  coordinator.state.now = Math.max(coordinator.state.now, clockAt(coordinator, untilMs));
}

/**
 * Replaces the rule of a coordinator by another version, after all shards have.
 * @param after the newest change of each shard, recorded when it replaced the rule
 * @param holders partitions that satisfy by the new version
 */
export function replaceCoordinatorRule(
  coordinator: PartitionSet,
  rule: Rule,
  ruleVersion: number,
  after: readonly (ShardChange | null)[],
  { holders = [], ...change }: RuleChange & { holders?: readonly NamedPartition[] } = {},
): PartitionSet {
  const state: PieceState = coordinator.state;
  const tallies = (state.assembly?.tallies ?? []).map((before, shard) => after[shard]?.tally ?? before);
  const next = compileRule(rule);
  const continues = continuationOf(coordinator.rule, next).partitions;
  // If the alerts of the old version end, their evidence still needs its names.
  if (continues) {
    openLatches(state, next.latches);
    for (const change of after) applyLatchChanges(coordinator, change?.latched ?? []);
    state.partitions = {};
    for (const partition of holders) keepName(coordinator, partition);
  }
  const latches = continues ? state.assembly?.latches : undefined;
  state.assembly = { tallies, ...(latches !== undefined && { latches }) };
  // Without noData in the old version, shards did not report every event.
  const newestAt = after.flatMap((change) => change?.lastEventAt ?? []);
  if (newestAt.length > 0) state.lastEventAt = Math.max(state.lastEventAt ?? -Infinity, ...newestAt);
  const { episode } = state.alert;
  const changed = replaceRule(coordinator, rule, ruleVersion, change);
  noteFiring(changed, episode, BEFORE_EVENTS, BEFORE_EVENTS);
  return changed;
}
