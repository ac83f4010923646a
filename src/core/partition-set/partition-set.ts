import type { Cause } from '../model/alert/cause.ts';
import type { AlertEnvelope, AlertPhase } from '../model/alert/alert.ts';
import { compileRule, type CompiledRule } from '../compilation/compile-rule.ts';
import type { KeySet } from './key-set.ts';
import { Across } from './values/across.ts';
import { Deadlines, Timed } from './deadlines.ts';
import { PartitionEntry, PartitionIndex, partitionKey } from './partition-index.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import {
  newSequence,
  newLeafMemory,
  newAlert,
  STATE_VERSION,
  UNKNOWN_SINCE,
  type LatchMark,
  type AlertState,
  type PartitionState,
  type PartitionSetState,
} from '../model/partition-set/partition-set-state.ts';
import { emptyAccumulator } from '../windows/accumulators.ts';
import type { Truth } from '../primitives/truth.ts';
import type { Scalar } from '../primitives/value.ts';
import { weighAllWaiting } from './waiting-events.ts';
import { overdueWeight, settingsWeight, weightOf } from './weight.ts';

/**
 * A running partition set: its JSON state, and data derived from it so that an event costs O(log n), not O(partitions).
 * The evaluator changes the state in place: whoever opens a state owns it.
 */
export interface PartitionSet {
  state: PartitionSetState;
  rule: CompiledRule;
  /** Keys of the partitions that `expect` lists. */
  roster: Set<string>;
  /** All partitions, live or not. */
  index: PartitionIndex;
  /** Approximate bytes of the state. */
  weight: number;
  /** Of which events that wait. */
  waitingBytes: number;
  /** Live partitions. */
  live: number;
  /** Live partitions that are on the roster. */
  rosterLive: number;
  /** For each level, the keys of the partitions that satisfy, oldest first. */
  satisfying: KeySet[];
  /** How many of the roster are forgotten, so that they are not expected until they report again. */
  forgotten: number;
  /** The values of partitions, put together; null if the rule compares no such value. */
  across: Across | null;
  /** For each level, how many live partitions are unknown. */
  unknown: number[];
  /** The partitions that are latched in some level. */
  latched: Set<PartitionEntry>;
  /** In a piece: changes of marks that were not recorded yet. */
  latchChanges: LatchChange[];
  deadlines: Deadlines<Timed>;
  /** The set's own deadline, one of `deadlines`. */
  own: Timed;
  /** Result of each leaf for the partition under evaluation: one shared list, so that an event allocates nothing. */
  answers: Truth[];
  /** Number of alerts in each phase. */
  phases: Record<AlertPhase, number>;
  /** Alerts that the workflow has not collected yet. */
  outbox: AlertEnvelope[];
  /** See Cause. */
  mayProve?: () => boolean;
  /** Null for a whole set. */
  piece: Piece | null;
}

/**
 * A change of marks in a piece: how many partitions more have this mark at this level, and for how many of them `having`
 * is unknown.
 */
export type LatchChange = [level: number, mark: LatchMark, count: number, unknown: number];

/** How the evaluation of a piece of a set differs from that of a whole one. See core/sharding. */
export interface Piece {
  /** Whether the piece owns an expected partition, by its key. */
  owns: (key: string) => boolean;
  /** Distinguishes the limit alerts of this piece from those of other pieces. */
  idSuffix: string;
  /** Records changes instead of judging the set. */
  record?: (set: PartitionSet, changed: readonly PartitionEntry[], cause: Cause, inAllPieces: boolean) => void;
  /** Ends the latches of partitions whose state is elsewhere. Returns whether there was any. */
  unlatch?: (set: PartitionSet) => boolean;
  /** Derives the counts if they do not follow from the partitions. */
  derive?: (set: PartitionSet) => void;
}

/** Key of the set's own deadline; partition keys are JSON arrays. */
const SET_KEY = '';

export interface PartitionSetStart {
  /** Default: one for each version of the rule. */
  generation?: string;
  rule: Rule;
  ruleVersion: number;
  group: Scalar[];
  atMs: number;
}

export function newState({
  rule,
  ruleVersion,
  group,
  atMs,
  generation = `v${ruleVersion}`,
}: PartitionSetStart): PartitionSetState {
  return {
    v: STATE_VERSION,
    generation,
    ruleVersion,
    group,
    startedAt: atMs,
    now: atMs,
    mark: 0,
    partitions: {},
    alert: newAlert(rule.severity ?? 'warning'),
    ticks: 0,
    nextHeartbeatAt: null,
    judgeAt: null,
    lastEventAt: null,
    limits: {},
    counters: { applied: 0, repeated: 0, late: 0, overflow: 0 },
  };
}

/** Derives everything except the deadlines, which the first evaluation sets. */
export function derivePartitionSet(rule: Rule, state: PartitionSetState, piece: Piece | null = null): PartitionSet {
  const compiled = compileRule(rule);
  const set: PartitionSet = {
    state,
    rule: compiled,
    roster: rosterOf(compiled, state, piece),
    index: new PartitionIndex(),
    weight: settingsWeight(state.settings),
    waitingBytes: 0,
    live: 0,
    rosterLive: 0,
    forgotten: 0,
    across: compiled.measure === null ? null : new Across(compiled.measure),
    satisfying: compiled.levels.map(() => new Set()),
    unknown: compiled.levels.map(() => 0),
    latched: new Set(),
    latchChanges: [],
    deadlines: new Deadlines(),
    own: new Timed(SET_KEY),
    answers: compiled.leaves.map(() => false),
    phases: { inactive: 0, pending: 0, firing: 0 },
    outbox: [],
    piece,
  };
  if (compiled.lateToleranceMs > 0) state.waiting ??= { until: state.now, events: [] };
  weighAllWaiting(set);
  for (const key of Object.keys(state.overdue ?? {})) set.weight += overdueWeight(key);
  for (const { alert } of allAlerts(set)) set.phases[alert.phase] += 1;
  if (piece?.derive !== undefined) {
    piece.derive(set);
    return set;
  }
  for (const key of set.roster) state.partitions[key] ??= newPartition(compiled, JSON.parse(key) as Scalar[]);
  for (const [key, partition] of Object.entries(state.partitions)) {
    const entry = join(set, key, partition);
    if (isLive(partition)) countLive(set, entry, 1);
    if (partition.latched !== undefined) set.latched.add(entry);
    if (partition.forgotten === true) set.forgotten += 1;
    if (partition.measured !== undefined) set.across?.replace(key, undefined, partition.measured, state.now);
  }
  const partitions = Object.values(state.partitions);
  set.unknown = set.unknown.map((_, level) => partitions.filter(({ holds }) => holds[level] === UNKNOWN_SINCE).length);
  for (const [level, satisfying] of set.satisfying.entries()) {
    const holding = Object.entries(state.partitions).flatMap(([key, { holds }]) =>
      (holds[level] ?? 0) > 0 ? [{ key, since: holds[level] ?? 0 }] : [],
    );
    for (const { key } of holding.sort((a, b) => a.since - b.since)) satisfying.add(key);
  }
  return set;
}

export function newPartition(rule: CompiledRule, key: Scalar[]): PartitionState {
  const partition: PartitionState = {
    key,
    last: null,
    stale: false,
    stores: [],
    memory: [],
    holds: rule.levels.map(() => 0),
    moment: null,
    ...(rule.each && { alert: newAlert(rule.severity) }),
  };
  forgetData(rule, partition);
  return partition;
}

/** Drops all data from events; that an alert fired, or how often, is not data. */
export function forgetData(rule: CompiledRule, partition: PartitionState): void {
  partition.stores = rule.slots.map(({ kind }) => emptyAccumulator(kind));
  partition.memory = Array.from({ length: rule.memories }, newLeafMemory);
  delete partition.knownSince;
  if (rule.steps.length > 0) partition.sequence = newSequence();
}

/** Adds a partition of the state to the set. */
export function join(set: PartitionSet, key: string, partition: PartitionState): PartitionEntry {
  if (partition.forgotten === true && !set.roster.has(key)) delete partition.forgotten;
  const entry = new PartitionEntry(key, partition, set.roster.has(key) && partition.forgotten !== true);
  set.index.add(entry);
  weigh(set, entry, weightOf(set.rule, entry));
  return entry;
}

/** Updates the weight of the state. */
export function weigh(set: PartitionSet, entry: PartitionEntry, weight: number): void {
  set.weight += weight - entry.weight;
  entry.weight = weight;
}

/** The alerts of a set: with `each` one per partition, else its own. */
export function allAlerts({ rule, state }: PartitionSet): { alert: AlertState; partition?: PartitionState }[] {
  if (!rule.each) return [{ alert: state.alert }];
  return Object.values(state.partitions).flatMap((partition) =>
    partition.alert === undefined ? [] : [{ alert: partition.alert, partition }],
  );
}

/** The status of a set: firing if any alert fires, else pending if any is pending. */
export function statusOf({ phases }: PartitionSet): AlertPhase {
  if (phases.firing > 0) return 'firing';
  return phases.pending > 0 ? 'pending' : 'inactive';
}

/** How many partitions are expected: those of the roster that are not forgotten. */
export const expectedCount = ({ roster, forgotten }: PartitionSet): number => roster.size - forgotten;

export const isLive = (partition: PartitionState): boolean => partition.last !== null && !partition.stale;

export function countLive(set: PartitionSet, { isExpected }: PartitionEntry, by: 1 | -1): void {
  set.live += by;
  if (isExpected) set.rosterLive += by;
}

/** The partitions of `expect` in this group; an entry without a group belongs to every group. */
function rosterOf({ rule, partitionBy }: CompiledRule, { group }: PartitionSetState, piece: Piece | null): Set<string> {
  const groupBy = rule.groupBy ?? [];
  const mine = (rule.expect ?? []).filter((entry) =>
    groupBy.every((property, index) => !Object.hasOwn(entry, property) || entry[property] === group[index]),
  );
  const keys = mine.map((entry) => partitionKey(partitionBy.map((property) => entry[property] ?? null)));
  return new Set(piece === null ? keys : keys.filter(piece.owns));
}
