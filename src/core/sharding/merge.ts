import { compileRule } from '../compilation/compile-rule.ts';
import { newPartition, type PartitionSet } from '../partition-set/partition-set.ts';
import { LIMITS } from '../primitives/limits.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import { emitHeartbeat, reevaluateSet } from '../evaluation/reevaluate.ts';
import type { ShardChange, NamedPartition, PieceState } from './shard-state.ts';
import { shardOf } from './shard-of.ts';
import type { Rule } from '../model/rule-schema.ts';
import { advanceTo, canContinue, replaceRule } from '../evaluation/evaluate.ts';
import type { PartitionState } from '../model/partition-set-state.ts';

/** What one shard has noted up to a moment. */
export interface ShardReport {
  shard: number;
  changes: ShardChange[];
  /** Some of those that satisfy, as of that moment. */
  holders: NamedPartition[];
}

interface Told {
  shard: number;
  change: ShardChange;
}

/**
 * Judges a split set up to and including `untilMs`, as it would have been judged in one piece: after every event, and once
 * for each moment at which something was due. Every shard must have reported everything up to then.
 */
export function mergeReports(coordinator: PartitionSet, reports: readonly ShardReport[], untilMs: number): void {
  const recorded = reports
    .flatMap(({ shard, changes }) => changes.map((change): Told => ({ shard, change })))
    .sort(inOrder);
  for (let next = 0; next < recorded.length;) {
    const { at, byClock } = (recorded[next] as Told).change;
    const end = byClock ? endOfMoment(recorded, next) : next + 1;
    judgeTogether(coordinator, recorded.slice(next, end), at, byClock);
    next = end;
  }
  advanceTo(coordinator, untilMs);
  for (const { holders: satisfying } of reports)
    for (const holder of satisfying) if (isWorthKeeping(coordinator, holder)) keepName(coordinator, holder);
}

/** Events of a moment come before its deadlines, and in the order of the stream. */
function inOrder({ change: a }: Told, { change: b }: Told): number {
  return a.at - b.at || Number(a.byClock) - Number(b.byClock) || (a.byClock ? 0 : a.seq - b.seq);
}

function endOfMoment(recorded: readonly Told[], from: number): number {
  let end = from;
  while (end < recorded.length && recorded[end]?.change.at === recorded[from]?.change.at) end += 1;
  return end;
}

function judgeTogether(coordinator: PartitionSet, recorded: readonly Told[], at: number, byClock: boolean): void {
  const { state } = coordinator;
  // What was due before, of the set's own; times are whole milliseconds.
  advanceTo(coordinator, at - 1);
  state.now = Math.max(state.now, at);
  for (const { shard, change } of recorded) take(coordinator, shard, change);
  const changes = recorded.map(({ change }) => change);
  const stale = changes.find(({ ceased }) => ceased !== 'cleared');
  const causes = changes
    .flatMap(({ causedBy }) => causedBy ?? [])
    .sort((a, b) => (partitionKey(a.key) < partitionKey(b.key) ? -1 : 1));
  const causedBy =
    causes[0] && (state.partitions[partitionKey(causes[0].key)] ?? placeholderOf(coordinator, causes[0]));
  reevaluateSet(coordinator, [], { at: changes[0]?.time ?? at, ceased: stale?.ceased ?? 'cleared', byClock, causedBy });
  if (byClock) emitHeartbeat(coordinator);
}

function take(coordinator: PartitionSet, shard: number, { tally, lastEventAt, named, more }: ShardChange): void {
  const { satisfying } = coordinator;
  const state: PieceState = coordinator.state;
  const tallies = state.assembly?.tallies ?? [];
  const before = tallies[shard];
  tallies[shard] = tally;
  coordinator.live += tally.live - (before?.live ?? 0);
  coordinator.rosterLive += tally.rosterLive - (before?.rosterLive ?? 0);
  for (const [level, keys] of satisfying.entries())
    keys.size += (tally.holding[level] ?? 0) - (before?.holding[level] ?? 0);
  if (lastEventAt !== null) state.lastEventAt = Math.max(state.lastEventAt ?? lastEventAt, lastEventAt);
  if (more)
    for (const key of Object.keys(state.partitions))
      if (shardOf(key, tallies.length) === shard) forget(coordinator, key);
  for (const partition of named) keepName(coordinator, partition);
}

/** Names are kept for a good deal more than an alert tells, so that those who cease leave some. */
const NAMES_KEPT = 2 * LIMITS.evidenceItems;

/** Bytes of all of them in the state of the coordinator, generously. */
const NAMES_BYTES = 262_144;
/** Of one with a short key, which is kept escaped, as it is, and in what an alert says. */
const NAME_BYTES = 400;
const NAME_COPIES = 3;
/** The most that a character takes in JSON. */
const ESCAPE_BYTES = 6;

const isWorthKeeping = ({ state }: PartitionSet, { key }: NamedPartition): boolean =>
  Object.keys(state.partitions).length < NAMES_KEPT && !Object.hasOwn(state.partitions, partitionKey(key));

/** Knows a partition by its name for as long as it satisfies; the oldest name goes when there are too many. */
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
  // Who is known already keeps the place: the longest come first.
  since.forEach((tick, level) =>
    tick > 0 ? coordinator.satisfying[level]?.add(key) : coordinator.satisfying[level]?.delete(key),
  );
  const keys = Object.keys(partitions);
  const properties = coordinator.rule.partitionBy.join('').length;
  const bytesOf = (each: string): number => nameBytes(each, partitions[each]) + ESCAPE_BYTES * properties;
  let bytes = keys.reduce((sum, each) => sum + bytesOf(each), 0);
  while (keys.length > NAMES_KEPT || (keys.length > 1 && bytes > NAMES_BYTES)) {
    const oldest = keys.shift() as string;
    bytes -= bytesOf(oldest);
    forget(coordinator, oldest);
  }
}

/** What a coordinator keeps of a name, at most: cheap, since it is asked of all of them whenever one comes. */
function nameBytes(key: string, partition: PartitionState | undefined): number {
  const value = partition?.shown?.value;
  return NAME_BYTES + ESCAPE_BYTES * (NAME_COPIES * key.length + (typeof value === 'string' ? value.length : 0));
}

function forget({ state, satisfying }: PartitionSet, key: string): void {
  delete state.partitions[key];
  for (const keys of satisfying) keys.delete(key);
}

/** Stands for a partition that is elsewhere. */
function placeholderOf({ rule }: PartitionSet, { key, holds, item, trace }: NamedPartition): PartitionState {
  const last =
    item === null
      ? null
      : { sequence: item.sequence, timeMs: Date.parse(item.time), ...(trace !== undefined && { trace }) };
  return {
    ...newPartition(rule, key),
    stores: [],
    memory: [],
    last,
    holds: holds.map(Number),
    ...(item !== null && { shown: item }),
  };
}

/**
 * Puts another version of the rule in place, by which the shards now stand as they say.
 * @param after the newest change of each shard, noted as it put the version in place
 * @param moment some of those that satisfy by the new version, and the clock of the whole set
 */
export function replaceCoordinatorRule(
  coordinator: PartitionSet,
  rule: Rule,
  ruleVersion: number,
  after: readonly (ShardChange | null)[],
  moment: { holders?: readonly NamedPartition[]; atMs?: number } = {},
): PartitionSet {
  const state: PieceState = coordinator.state;
  const { holders: satisfying = [], atMs = state.now } = moment;
  // Those that the old version knows by name are still needed where it ends with it.
  if (canContinue(coordinator.rule, compileRule(rule))) {
    state.partitions = {};
    for (const holder of satisfying) keepName(coordinator, holder);
  }
  state.assembly = { tallies: (state.assembly?.tallies ?? []).map((before, shard) => after[shard]?.tally ?? before) };
  // Without noData in the old version, shards did not report every event.
  const newestAt = after.flatMap((change) => change?.lastEventAt ?? []);
  if (newestAt.length > 0) state.lastEventAt = Math.max(state.lastEventAt ?? -Infinity, ...newestAt);
  return replaceRule(coordinator, rule, ruleVersion, atMs);
}
