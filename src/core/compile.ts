import type { Scalar } from './alert.ts';
import { parseDuration } from './duration.ts';
import { setIds, type SetIds } from './ids.ts';
import { LIMITS } from './limits.ts';
import { getter, type Getter } from './path.ts';
import { compileComparison, compilePredicate, type DataTest } from './predicate.ts';
import type { Calculation, Comparison, Condition, Evaluation, Rule, Severity } from './rule-schema.ts';

/** A rule made ready to run. Made anew wherever it is needed; never stored. */
export interface CompiledRule {
  rule: Rule;
  enabled: boolean;
  severity: Severity;
  matches: DataTest;
  /** Values of groupBy / partitionBy; undefined when one is missing or no scalar: the event is not for this rule. */
  groupOf: (data: Readonly<Record<string, unknown>>) => Scalar[] | undefined;
  partitionOf: (data: Readonly<Record<string, unknown>>) => Scalar[] | undefined;
  ids: SetIds;
  partitionBy: readonly string[];
  slots: Slot[];
  /** The properties that sets of this rule need of an event. */
  reads: { path: string; read: Getter }[];
  having: CompiledCondition;
  /** The comparison of `count` and `percent`. */
  compare: (value: unknown) => boolean;
  each: boolean;
  forMs: number;
  keepFiringForMs: number;
  staleAfterMs: number | null;
  heartbeatMs: number | null;
  repeatMs: number | null;
}

export interface Slot {
  /** Equal calculations have equal keys: by it state finds its place again when the rule changes. */
  key: string;
  property: string;
}

export type CompiledCondition =
  | { kind: 'leaf'; slot: number; test: (value: unknown) => boolean }
  | { kind: 'all' | 'any'; parts: CompiledCondition[] }
  | { kind: 'not'; part: CompiledCondition };

export function compileRule(rule: Rule): CompiledRule {
  const slots: Slot[] = [];
  const having = compileCondition(rule.evaluate.having, slots);
  const paths = new Set([...(rule.partitionBy ?? []), ...slots.map(({ property }) => property)]);
  return {
    rule,
    enabled: rule.enabled ?? true,
    severity: rule.severity ?? 'warning',
    matches: compilePredicate({ all: rule.where }),
    groupOf: keyReader(rule.groupBy ?? []),
    partitionOf: keyReader(rule.partitionBy ?? []),
    partitionBy: rule.partitionBy ?? [],
    ids: setIds(rule),
    having,
    slots,
    reads: [...paths].map((path) => ({ path, read: getter(path) })),
    compare: compileComparison(countComparison(rule.evaluate)),
    each: rule.evaluate.type === 'each',
    forMs: optionalMs(rule.for) ?? 0,
    keepFiringForMs: optionalMs(rule.keepFiringFor) ?? 0,
    staleAfterMs: optionalMs(rule.staleAfter),
    heartbeatMs: optionalMs(rule.heartbeat),
    repeatMs: optionalMs(rule.repeat),
  };
}

function countComparison(evaluate: Evaluation): Comparison {
  if (evaluate.type !== 'count' && evaluate.type !== 'percent') return {};
  const { type: _type, having: _having, ...comparison } = evaluate;
  return comparison;
}

const optionalMs = (text: string | undefined): number | null => (text === undefined ? null : (parseDuration(text) ?? null));

function keyReader(properties: readonly string[]): CompiledRule['groupOf'] {
  const getters = properties.map(getter);
  return (data) => {
    const values: Scalar[] = [];
    for (const read of getters) {
      const value = read(data);
      if (!isKeyValue(value)) return undefined;
      values.push(value);
    }
    return values;
  };
}

function isKeyValue(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.length <= LIMITS.keyValueLength;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function compileCondition(node: Condition, slots: Slot[]): CompiledCondition {
  if ('all' in node) return { kind: 'all', parts: node.all.map((part) => compileCondition(part, slots)) };
  if ('any' in node) return { kind: 'any', parts: node.any.map((part) => compileCondition(part, slots)) };
  if ('not' in node) return { kind: 'not', part: compileCondition(node.not, slots) };
  return { kind: 'leaf', slot: slotFor(node, slots), test: compileComparison(node) };
}

function slotFor({ calc, property }: Calculation, slots: Slot[]): number {
  const key = `${calc}(${property })`;
  const known = slots.findIndex((slot) => slot.key === key);
  return known >= 0 ? known : slots.push({ key, property }) - 1;
}
