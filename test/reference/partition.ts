import type { Condition } from '../../src/core/model/rule/condition-schema.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { Severity } from '../../src/core/model/alert/severity.ts';
import type { Scalar } from '../../src/core/primitives/value.ts';
import { read } from './conditions/predicate.ts';
import { holds, type Answer, type ConditionMemory } from './conditions/condition.ts';
import { calculate } from './conditions/calculate.ts';
import { UNKNOWN } from './conditions/operands.ts';
import { byOwnTime, type Arrival, type Instant, type Leaf } from './model.ts';
import { isMeasuring } from './conditions/measures.ts';
import { ms } from './ms.ts';
import type { Settings } from './settings.ts';
import { completes, type SequenceMemory } from './sequence.ts';

/** One partition: every event of its present life, and what it remembers from instant to instant. */
export interface Partition {
  values: Record<string, Scalar>;
  /** All events since it was last without data, in order of arrival. */
  life: Arrival[];
  /** The newest event it ever had. */
  newest: number | undefined;
  memory: ConditionMemory;
  /** Whether it satisfies, by severity; what is missing is no. */
  satisfies: Map<Severity, Answer>;
  /** The same without `clear`. */
  having: Map<Severity, Answer>;
  sequence: SequenceMemory;
  settings: Settings;
  /** What it adds to the value of the set, as of when it was last brought up to date; UNKNOWN if that is no number. */
  value: unknown;
  /** For an expected partition: since when it has been known, and has been expected. */
  known: number | undefined;
  expected: number | undefined;
}

export const newPartition = (values: Record<string, Scalar>, settings: Settings, expected?: number): Partition => ({
  values,
  life: [],
  newest: undefined,
  memory: new Map(),
  satisfies: new Map(),
  having: new Map(),
  sequence: { partials: [], held: false },
  settings,
  value: UNKNOWN,
  known: expected,
  expected,
});

/** The values of `partitionBy`; undefined when one is not there or cannot be a key. */
export function partitionValues(rule: Rule, data: Record<string, unknown>): Record<string, Scalar> | undefined {
  const entries = (rule.partitionBy ?? []).map((property) => [property, read(data, property)] as const);
  const isKey = (value: unknown): value is Scalar =>
    (typeof value === 'string' && value.length <= 256) || ['number', 'bigint', 'boolean'].includes(typeof value);
  const keys = entries.map(
    ([name, value]) => [name, typeof value === 'bigint' ? { int: String(value) } : value] as const,
  );
  return entries.every(([, value]) => isKey(value)) ? (Object.fromEntries(keys) as Record<string, Scalar>) : undefined;
}

export const isLive = ({ life }: Partition): boolean => life.length > 0;

/** The severities of a rule, with what must hold for each: its levels, or its only one. */
export function levelsOf(
  rule: Rule,
): { severity: Severity; having?: Condition | undefined; clear?: Condition | undefined }[] {
  const { evaluate } = rule;
  const severity = rule.severity ?? 'warning';
  if (evaluate.type === 'sequence') return [{ severity }];
  if (isMeasuring(evaluate)) return evaluate.levels?.map((level) => ({ severity: level.severity })) ?? [{ severity }];
  return evaluate.levels ?? (evaluate.having === undefined ? [] : [{ severity, having: evaluate.having }]);
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];

/** The first calculation of the least severe level; a sequence has none. */
export function firstLeaf(rule: Rule): Leaf | undefined {
  const [least] = levelsOf(rule).toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return least?.having === undefined ? undefined : firstIn(least.having);
}

function firstIn(node: Condition): Leaf | undefined {
  if ('all' in node) return node.all.map(firstIn)[0];
  if ('any' in node) return node.any.map(firstIn)[0];
  return 'not' in node ? firstIn(node.not) : node;
}

/**
 * Brings a partition up to date: has its data expired, and does it satisfy? `arrival` is the event that came, if one did.
 * `changedAt` is when the condition of its alert last started or stopped; `fires` whether its alert fires.
 * @returns whether it had data that expired: an event that is stale as it comes has had no say
 */
export function update(
  partition: Partition,
  rule: Rule,
  moment: Instant,
  { changedAt, fires }: { changedAt: number; fires: boolean },
  arrival?: Arrival,
): boolean {
  const instant = { ...moment, known: partition.known };
  const wasLive = isLive(partition);
  if (arrival !== undefined) {
    partition.life.push(arrival);
    partition.newest = Math.max(partition.newest ?? -Infinity, arrival.time);
  }
  const newest = partition.life.toSorted(byOwnTime).at(-1);
  if (newest === undefined) return false;
  if (rule.staleAfter !== undefined && instant.clock - newest.time >= ms(rule.staleAfter)) {
    // What expires at the moment of a setting expires at the end of that moment.
    if (instant.settings === true) return false;
    Object.assign(partition, {
      ...newPartition(partition.values, partition.settings, partition.expected),
      newest: partition.newest,
    });
    return wasLive;
  }
  if (rule.evaluate.type === 'sequence') {
    const complete = completes(rule.evaluate, partition.sequence, instant, arrival, {
      life: partition.life,
      changedAt,
    });
    partition.satisfies = new Map(complete ? levelsOf(rule).map(({ severity }) => [severity, 'yes']) : []);
    return false;
  }
  if (isMeasuring(rule.evaluate)) {
    partition.value = calculate(rule.evaluate.of, partition.life, instant);
    return false;
  }
  const isCleared = (severity: Severity, clear: Condition): boolean =>
    holds(clear, `clear ${severity}`, partition.life, instant, partition.memory, partition.settings) === 'yes';
  const cleared = new Map(
    levelsOf(rule).map((level) => {
      const clear = level.clear ?? rule.clear;
      return [level.severity, clear === undefined || isCleared(level.severity, clear)];
    }),
  );
  const before = partition.satisfies;
  partition.having = new Map(
    levelsOf(rule).map(({ severity, having }) => [
      severity,
      having === undefined
        ? 'no'
        : holds(having, severity, partition.life, instant, partition.memory, partition.settings),
    ]),
  );
  partition.satisfies = new Map(
    [...partition.having].map(([severity, now]) => {
      const latches = fires && cleared.get(severity) === false;
      return [severity, latches && before.get(severity) === 'yes' ? 'yes' : now];
    }),
  );
  return false;
}
