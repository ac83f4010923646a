import type { Calculation, Condition, ConstantComparison, Predicate } from '../model/condition-schema.ts';
import { comparisonOf } from '../model/comparison-words.ts';
import { isMeasuring } from '../model/measuring.ts';
import type { PartitionOperand } from '../model/operand-words.ts';
import { partitionSetIds, type PartitionSetIds } from '../model/partition-set-ids.ts';
import type { Evaluation, Rule } from '../model/rule-schema.ts';
import { SEVERITY_ORDER, type Severity } from '../model/severity.ts';
import type { Accumulator } from '../model/window-state.ts';
import { jsonBytes } from '../primitives/bytes.ts';
import { parseDuration } from '../primitives/duration.ts';
import { LIMITS } from '../primitives/limits.ts';
import { getter, type Getter } from '../primitives/path.ts';
import type { Scalar } from '../primitives/value.ts';
import { isWholeNumber, toStored } from '../primitives/whole-number.ts';
import { specOf } from '../windows/calculations.ts';
import { compileLeaf, needsMemory, numbersOf, windowMs, type Leaf, type LeafOperand } from './leaf.ts';
import { compileMeasure, type CompiledMeasure } from './measure.ts';
import { calculationOf, operandsOf } from './operand-calculation.ts';
import { compileComparison, compilePredicate, pathsOf, storedReaderOf, type DataTest } from './predicate.ts';
import { messageNeeds, type MessageNeeds } from './message-names.ts';
import { compileSchedule, type Opening } from './schedule.ts';
import { compileSettings, type Settings } from './settings.ts';
import { compileSteps, keptValues, predicatesOf, type CompiledStep } from './sequence.ts';

/** A rule ready to run. Compiled wherever it is needed; never stored. */
export interface CompiledRule {
  rule: Rule;
  enabled: boolean;
  matches: DataTest;
  /** Which events remove their partition; null: none. */
  forgets: DataTest | null;
  /**
   * Values of groupBy / partitionBy; undefined if one is missing or not a scalar: the rule does not match the event.
   */
  groupOf: (data: Readonly<Record<string, unknown>>) => Scalar[] | undefined;
  partitionOf: (data: Readonly<Record<string, unknown>>) => Scalar[] | undefined;
  ids: PartitionSetIds;
  partitionBy: readonly string[];
  /** The event properties that partition sets of this rule need. */
  reads: { path: string; pathBytes: number; read: Getter }[];
  slots: Accumulator[];
  leaves: Leaf[];
  /** The slots of calculations with `whenFull`; null if there are none. */
  slotsToFill: number[] | null;
  settings: Settings | null;
  messageNeeds: MessageNeeds;
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
  staleAfterMs: number | null;
  /** How far the set's clock runs behind the stream's. */
  lateToleranceMs: number;
  heartbeatMs: number | null;
  repeatMs: number | null;
  noData: { afterMs: number; then: 'alert' | 'resolve' } | null;
  schedule: Opening | null;
}

export interface Level {
  severity: Severity;
  condition: CompiledCondition;
  clear: CompiledCondition | null;
  forMs: number;
  keepFiringForMs: number;
}

export type CompiledCondition =
  | { kind: 'leaf'; leaf: number }
  | { kind: 'all' | 'any'; parts: CompiledCondition[] }
  | { kind: 'not'; part: CompiledCondition };

/** Collected while compiling conditions. */
interface Parts {
  slots: Accumulator[];
  leaves: Leaf[];
  memories: number;
  /** Number of operands. */
  operands: number;
  /** The properties that calculations read to choose their events. */
  choosing: string[];
}

export function compileRule(rule: Rule): CompiledRule {
  const { evaluate } = rule;
  const parts: Parts = { slots: [], leaves: [], memories: 0, operands: 0, choosing: [] };
  const measure = isMeasuring(evaluate)
    ? compileMeasure(evaluate, rule.severity ?? 'warning', (node) => leafOf(node, parts, -1))
    : null;
  const levels = compileLevels(rule, parts);
  const timesLevels = levelsOf(rule).some((level) => level.for !== undefined || level.keepFiringFor !== undefined);
  const steps = evaluate.type === 'sequence' ? evaluate.steps : [];
  const stepPaths = [
    ...steps.flatMap(predicatesOf).flatMap(pathsOf),
    ...keptValues(steps).map(({ property }) => property),
  ];
  const needs = messageNeeds(rule);
  const paths = new Set([
    ...(rule.partitionBy ?? []),
    ...parts.slots.flatMap(({ property }) => property ?? []),
    ...parts.choosing,
    ...stepPaths,
    ...needs.eventPaths,
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
    messageNeeds: needs,
    settings: compileSettings(rule, leaves, partitionOf, keyReader(rule.partitionBy ?? [], isStoredKey)),
    ids: partitionSetIds(rule),
    partitionBy: rule.partitionBy ?? [],
    reads: [...paths].map((path) => ({ path, pathBytes: jsonBytes(path), read: getter(path) })),
    levels,
    latches: levels.some(({ clear }) => clear !== null),
    timesLevels,
    steps: evaluate.type === 'sequence' ? compileSteps(evaluate) : [],
    compare: compileComparison(countComparison(evaluate)),
    operands: numbersOf(countComparison(evaluate)),
    onlyExpected: evaluate.type === 'percent' && evaluate.of === 'expected',
    each: evaluate.type === 'each' || evaluate.type === 'sequence',
    severity: rule.severity ?? 'warning',
    forMs: timesLevels ? 0 : msOf(rule.for),
    keepFiringForMs: timesLevels ? 0 : msOf(rule.keepFiringFor),
    staleAfterMs: optionalMs(rule.staleAfter),
    lateToleranceMs: optionalMs(rule.lateTolerance) ?? 0,
    heartbeatMs: optionalMs(rule.heartbeat),
    repeatMs: optionalMs(rule.repeat),
    noData: noDataOf(rule),
    schedule: rule.schedule === undefined ? null : compileSchedule(rule.schedule),
  };
}

function compileLevels(rule: Rule, parts: Parts): Level[] {
  const levels = levelsOf(rule);
  const conditions = levels.map(({ having }) => (having === undefined ? NEVER : compileCondition(having, parts)));
  const ofAll = rule.clear === undefined ? null : compileCondition(rule.clear, parts);
  return levels.map((level, place) => ({
    severity: level.severity,
    condition: conditions[place] ?? NEVER,
    clear: level.clear === undefined ? ofAll : compileCondition(level.clear, parts),
    forMs: msOf(level.for ?? rule.for),
    keepFiringForMs: msOf(level.keepFiringFor ?? rule.keepFiringFor),
  }));
}

/** Where values are put together, no partition satisfies anything. */
const NEVER: CompiledCondition = { kind: 'any', parts: [] };

/** From the least to the most severe; none for a sequence. */
function levelsOf({ evaluate, severity = 'warning' }: Rule): RuleLevel[] {
  if (evaluate.type === 'sequence') return [];
  const levels: readonly RuleLevel[] | undefined = evaluate.levels;
  if (levels === undefined) return [isMeasuring(evaluate) ? { severity } : { severity, having: evaluate.having }];
  return [...levels].sort((a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity]);
}

interface RuleLevel {
  severity: Severity;
  having?: Condition | undefined;
  clear?: Condition | undefined;
  for?: string | undefined;
  keepFiringFor?: string | undefined;
}

const msOf = (text: string | undefined): number => optionalMs(text) ?? 0;

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

/** `isKey`: which values may be keys, besides numbers with many digits. */
function keyReader(
  properties: readonly string[],
  isKey: (value: unknown) => value is Scalar = isKeyValue,
): CompiledRule['groupOf'] {
  const getters = properties.map(getter);
  return (data) => {
    const values: Scalar[] = [];
    for (const read of getters) {
      const value = read(data);
      if (typeof value === 'bigint') values.push(toStored(value));
      else if (isKey(value)) values.push(value);
      else return undefined;
    }
    return values;
  };
}

const isStoredKey = (value: unknown): value is Scalar => isWholeNumber(value) || isKeyValue(value);

function isKeyValue(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.length <= LIMITS.keyValueLength;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function compileCondition(node: Condition, parts: Parts): CompiledCondition {
  if ('all' in node) return { kind: 'all', parts: node.all.map((part) => compileCondition(part, parts)) };
  if ('any' in node) return { kind: 'any', parts: node.any.map((part) => compileCondition(part, parts)) };
  if ('not' in node) return { kind: 'not', part: compileCondition(node.not, parts) };
  const leaf = leafOf(node, parts, needsMemory(node) ? parts.memories++ : -1);
  parts.leaves.push(leaf);
  return { kind: 'leaf', leaf: leaf.place };
}

function leafOf(node: Calculation, parts: Parts, memory: number): Leaf {
  const operands = operandsOf(node).map((operand) => compileOperand(operand, parts));
  parts.choosing.push(...chosenBy(node).flatMap(pathsOf));
  return compileLeaf(node, {
    ...{ place: parts.leaves.length, slot: slotFor(node, parts.slots), memory },
    counted: countedFor(node, parts.slots),
    operands: operands.length === 0 ? null : operands,
  });
}

/** The calculation of an operand has its slot and its place, but no memory: it never has an answer. */
function compileOperand(operand: PartitionOperand, parts: Parts): LeafOperand {
  const node = calculationOf(operand);
  parts.choosing.push(...chosenBy(node).flatMap(pathsOf));
  const place = LIMITS.conditionLeaves + parts.operands++;
  const calculated = compileLeaf(node, {
    ...{ place, slot: slotFor(node, parts.slots), memory: -1, operands: null },
    counted: countedFor(node, parts.slots),
  });
  return { operand, calculated, isLatest: 'latest' in operand };
}

/** The predicates that choose the events of a calculation. */
const chosenBy = (node: Calculation): Predicate[] => [
  ...(node.where ?? []),
  ...('among' in node ? (node.among ?? []) : []),
];

/** The slot of a calculation's accumulator, or -1 if it has none. */
function slotFor(node: Calculation, slots: Accumulator[]): number {
  const kind = specOf(node).store;
  if (kind === null) return -1;
  const property = 'property' in node ? node.property : null;
  const withinMs = windowMs(node);
  const isTimed = withinMs > 0 && withinMs < Infinity;
  const as = 'as' in node ? node.as : undefined;
  const last = 'last' in node ? node.last : undefined;
  // What does not match is a sample, too: of a share, a time, and a number of matches among so many events.
  const countsMatches = node.calc === 'ratio' || (node.calc === 'count' && last !== undefined);
  const scored = countsMatches || node.calc === 'timeIn' ? node.where : undefined;
  const accepted = node.calc === 'ratio' ? node.among : scored === undefined ? node.where : undefined;
  const key = [
    ...(as === undefined ? [] : [as]),
    ...(last === undefined ? [] : [isTimed ? `last ${last} within` : `last ${last}`]),
    `${kind}(${property ?? ''}${isTimed ? `,${withinMs}` : ''})`,
    ...(accepted === undefined ? [] : [`where ${JSON.stringify(accepted)}`]),
    ...(scored === undefined ? [] : [`${countsMatches ? 'ratio' : node.calc} ${JSON.stringify(scored)}`]),
  ].join(' ');
  const slot: Accumulator = { key, kind, property, withinMs };
  if (as !== undefined) slot.as = as;
  if (accepted !== undefined) slot.accepts = compilePredicate({ all: accepted }, storedReaderOf);
  if (last !== undefined) slot.last = last;
  if (scored !== undefined) slot.scores = compilePredicate({ all: scored }, storedReaderOf);
  return placeOf(slot, slots);
}

/** The place of a slot, which is added if no equal one is there. */
function placeOf(slot: Accumulator, slots: Accumulator[]): number {
  const known = slots.findIndex(({ key }) => key === slot.key);
  return known >= 0 ? known : slots.push(slot) - 1;
}

/** `distinct` keeps one sample of each value: with `minSamples`, another slot counts them. -1 if none has to. */
function countedFor(node: Calculation, slots: Accumulator[]): number {
  if (node.calc !== 'distinct' || node.minSamples === undefined || node.last !== undefined) return -1;
  const own = slots[slotFor(node, slots)] as Accumulator;
  return placeOf({ ...own, key: `count ${own.key}`, kind: 'events' }, slots);
}

function slotsToFill(leaves: readonly Leaf[]): number[] | null {
  const calculated = leaves.flatMap((leaf) => [leaf, ...(leaf.operands ?? []).map((operand) => operand.calculated)]);
  const slots = calculated.flatMap(({ knowledge, slot }) => (knowledge?.whenFull === true ? [slot] : []));
  return slots.length === 0 ? null : slots;
}
