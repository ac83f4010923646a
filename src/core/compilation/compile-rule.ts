import type { ConstantComparison } from '../model/rule/condition-schema.ts';
import { comparisonOf } from '../model/rule/comparison-words.ts';
import { isMeasuring } from '../model/rule/measuring.ts';
import { partitionSetIds, type PartitionSetIds } from '../model/partition-set/partition-set-ids.ts';
import type { Evaluation, Rule } from '../model/rule/rule-schema.ts';
import type { Severity } from '../model/alert/severity.ts';
import type { Accumulator } from '../model/partition-set/window-state.ts';
import { jsonBytes } from '../primitives/text/bytes.ts';
import { parseDuration } from '../primitives/text/duration.ts';
import { getter, type Getter } from '../primitives/path.ts';
import { leafOf, noParts } from './conditions/compile-condition.ts';
import { isStoredKey, keyReader, type KeyReader } from './key-reader.ts';
import { numbersOf, type Leaf } from './conditions/leaf.ts';
import { compileLevels, hasOwnTimes, msOf, type Level } from './levels.ts';
import { compileMeasure, type CompiledMeasure } from './measure.ts';
import { compileMessages, type Messages } from './messages.ts';
import { compileComparison, compilePredicate, pathsOf, type DataTest } from './conditions/predicate.ts';
import { compileSchedule, type Opening } from './schedule.ts';
import { compileSettings, type Settings } from './settings.ts';
import {
  compileSteps,
  compileUnwanted,
  keptValues,
  predicatesOf,
  type CompiledStep,
  type Unwanted,
} from './sequence.ts';
import { slotsToFill } from './conditions/slots.ts';

/** A rule ready to run. Compiled wherever it is needed; never stored. */
export interface CompiledRule {
  rule: Rule;
  enabled: boolean;
  matches: DataTest;
  /** Which events remove their partition; null: none. */
  forgets: DataTest | null;
  /** Undefined: the rule does not match the event. */
  groupOf: KeyReader;
  partitionOf: KeyReader;
  ids: PartitionSetIds;
  partitionBy: readonly string[];
  /** The event properties that partition sets of this rule need. */
  reads: { path: string; pathBytes: number; read: Getter }[];
  slots: Accumulator[];
  leaves: Leaf[];
  /** The slots of calculations with `whenFull`; null if there are none. */
  slotsToFill: number[] | null;
  settings: Settings | null;
  messages: Messages;
  /** Number of leaves with a memory. */
  memories: number;
  /** From the least to the most severe; a rule without `levels` has one. Empty for a sequence. */
  levels: Level[];
  /** A level has a `clear`. */
  latches: boolean;
  /** Levels have their own `for` and `keepFiringFor`: those of the alert are 0. */
  timesLevels: boolean;
  /** How the values of partitions are put together; null if partitions satisfy conditions instead. */
  measure: CompiledMeasure | null;
  /** Empty except for a sequence. */
  steps: CompiledStep[];
  /** A step is a `not`: time alone may pass it. */
  hasNots: boolean;
  /** What the steps must not meet; null if they have neither `not` nor `unless`. */
  unwanted: Unwanted | null;
  /** The comparison of `count` and `percent`. */
  compare: (value: unknown) => boolean;
  /** Its numbers. */
  operands: number[];
  /** Only partitions that are expected can satisfy. */
  onlyExpected: boolean;
  /** Partitions have their own alerts. */
  each: boolean;
  severity: Severity;
  forMs: number;
  keepFiringForMs: number;
  /** An alert fires until somebody acknowledges it. */
  latch: boolean;
  staleAfterMs: number | null;
  /** How far the set's clock runs behind the stream's. */
  lateToleranceMs: number;
  heartbeatMs: number | null;
  repeatMs: number | null;
  noData: { afterMs: number; then: 'alert' | 'resolve' } | null;
  schedule: Opening | null;
}

export function compileRule(rule: Rule): CompiledRule {
  const { evaluate } = rule;
  const parts = noParts();
  const measure = isMeasuring(evaluate)
    ? compileMeasure(evaluate, rule.severity ?? 'warning', (node) => leafOf(node, parts, -1))
    : null;
  const levels = compileLevels(rule, parts);
  const timesLevels = hasOwnTimes(rule);
  const given = evaluate.type === 'sequence' ? evaluate.steps : [];
  const stepPaths = [
    ...given.flatMap(predicatesOf).flatMap(pathsOf),
    ...keptValues(given).map(({ property }) => property),
  ];
  const steps = evaluate.type === 'sequence' ? compileSteps(evaluate) : [];
  const messages = compileMessages(rule);
  const paths = new Set([
    ...(rule.partitionBy ?? []),
    ...parts.slots.flatMap(({ property }) => property ?? []),
    ...parts.choosing,
    ...stepPaths,
    ...messages.eventPaths,
  ]);
  const { slots, leaves, memories } = parts;
  const partitionOf = keyReader(rule.partitionBy ?? []);
  return {
    ...{ slots, leaves, memories, measure },
    slotsToFill: slotsToFill(measure === null ? leaves : [...leaves, measure.leaf]),
    rule,
    enabled: rule.enabled ?? true,
    matches: compilePredicate({ all: rule.where }),
    forgets: rule.forgetOn === undefined ? null : compilePredicate({ all: rule.forgetOn }),
    groupOf: keyReader(rule.groupBy ?? []),
    partitionOf,
    messages,
    settings: compileSettings(rule, leaves, partitionOf, keyReader(rule.partitionBy ?? [], isStoredKey)),
    ids: partitionSetIds(rule),
    partitionBy: rule.partitionBy ?? [],
    reads: [...paths].map((path) => ({ path, pathBytes: jsonBytes(path), read: getter(path) })),
    levels,
    latches: levels.some(({ clear }) => clear !== null),
    timesLevels,
    steps,
    hasNots: steps.some(({ isNot }) => isNot),
    unwanted: compileUnwanted(steps),
    compare: compileComparison(countComparison(evaluate)),
    operands: numbersOf(countComparison(evaluate)),
    onlyExpected: evaluate.type === 'percent' && evaluate.of === 'expected',
    each: evaluate.type === 'each' || evaluate.type === 'sequence',
    severity: rule.severity ?? 'warning',
    forMs: timesLevels ? 0 : msOf(rule.for),
    keepFiringForMs: timesLevels ? 0 : msOf(rule.keepFiringFor),
    latch: rule.latch ?? false,
    staleAfterMs: optionalMs(rule.staleAfter),
    lateToleranceMs: optionalMs(rule.lateTolerance) ?? 0,
    heartbeatMs: optionalMs(rule.heartbeat),
    repeatMs: optionalMs(rule.repeat),
    noData: noDataOf(rule),
    schedule: rule.schedule === undefined ? null : compileSchedule(rule.schedule),
  };
}

function noDataOf({ noData }: Rule): CompiledRule['noData'] {
  const then = noData?.then ?? 'keep';
  return noData === undefined || then === 'keep' ? null : { afterMs: optionalMs(noData.after) ?? 0, then };
}

function countComparison(evaluate: Evaluation): ConstantComparison {
  if (evaluate.type !== 'count' && evaluate.type !== 'percent') return {};
  return comparisonOf(evaluate);
}

const optionalMs = (text: string | undefined): number | null =>
  text === undefined ? null : (parseDuration(text) ?? null);
