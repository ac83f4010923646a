import fc from 'fast-check';
import { duration, long, ofLong, oneOf, present, sometimes, text } from '../arbitrary-parts.ts';
import type { Rule } from '../../../../src/core/model/rule/rule-schema.ts';
import { SEVERITIES } from '../../../../src/core/model/alert/severity.ts';
import { partsOf } from '../../../reference/conditions/measures.ts';
import { condition } from '../arbitrary-condition.ts';
import { evaluate, measuring } from '../arbitrary-evaluate.ts';

/**
 * Small rules over the properties `s` (strings), `t` (numbers) and `n.v` (nested), partitioned by `m`. Durations are a
 * few whole units.
 */

/** Which events remove their partition; some match `where` too. */
const forgetting = oneOf(
  { weight: 2, arbitrary: text.map((equals) => [{ property: 's', equals }]) },
  fc.constant([{ property: 't', lt: 0 }]),
  fc.constant([{ property: 'n.v', equals: 2 }, { not: { property: 's', equals: 'on' } }]),
);

const where = oneOf(
  { weight: 3, arbitrary: fc.constant([{ property: 'type', equals: '*' }]) },
  fc.constant([{ property: 'type', equals: 'status' }, { not: { property: 's', equals: 'idle' } }]),
  fc.constant([{ not: { property: 's', contains: 'n', ignoreCase: true } }]),
  fc.constant([{ property: 's', in: ['ON', 'off'], ignoreCase: true }]),
  fc.constant([{ property: 't', as: 'number', gte: 0 }]),
  fc.constant([{ property: 't', as: 'number', in: [-1, 2, 3] }]),
  ofLong.map((is) => [{ property: 't', ...is }]),
  fc.constant([
    {
      any: [
        { property: 't', exists: true },
        { property: 's', in: ['on', 'off'] },
      ],
    },
  ]),
);

/** Events without `m` are for all partitions. */
const settings = oneOf(
  { weight: 2, arbitrary: fc.constant([{ property: 's', equals: 'idle' }]) },
  fc.constant([{ property: 'm', exists: false }]),
  fc.constant([{ property: 'n.v', gt: 0 }]),
);

/** The fields around `evaluate`, with the unit of durations (`s`, `m`, `h`). */
export function ruleAround(evaluation: fc.Arbitrary<object>, unit: string): fc.Arbitrary<object> {
  return fc
    .record({
      where,
      settings: sometimes(settings, 2),
      partitionBy: fc.constantFrom(['m'], ['m'], ['m'], undefined),
      expect: sometimes(fc.uniqueArray(fc.constantFrom('a', 'b', 'x'), { minLength: 1, maxLength: 2 }), 3),
      forgetOn: sometimes(forgetting, 2),
      evaluate: evaluation,
      for: sometimes(duration(unit), 1),
      keepFiringFor: sometimes(duration(unit), 2),
      clear: sometimes(condition(unit), 3),
      staleAfter: sometimes(duration(unit), 1),
      lateTolerance: sometimes(unit === 'h' ? fc.constantFrom('30m', '1h') : duration(unit), 4),
      noData: sometimes(fc.record({ after: duration(unit), then: fc.constantFrom('alert', 'resolve', 'keep') }), 2),
      heartbeat: sometimes(duration(unit), 4),
      repeat: sometimes(duration(unit), 4),
      latch: sometimes(fc.constant(true), 5),
      severity: sometimes(fc.constantFrom(...SEVERITIES), 2),
    })
    .map(({ expect, ...rule }) =>
      allowed({
        id: 'rule',
        clientId: 'client',
        ...present(rule),
        ...(rule.partitionBy !== undefined && expect !== undefined && { expect: expect.map((m) => ({ m })) }),
      }),
    );
}

/** Without what such a rule cannot have: `of: expected` without `expect`, `clear` beside a value of the set. */
export function allowed(rule: object): object {
  const { evaluate: given, expect } = rule as { evaluate: { of?: unknown }; expect?: unknown };
  const { of, ...evaluated } = given;
  if (of === undefined) return rule;
  if (of === 'expected') return expect === undefined ? { ...rule, evaluate: evaluated } : rule;
  return present({ ...rule, clear: undefined });
}

/** Only rules that put the values of partitions together. */
export const ruleOfValues = (unit = 's'): fc.Arbitrary<object> =>
  ruleAround(measuring(unit), unit).map((rule) => ({ ...rule, message: 'value {{value}} of {{count}} of {{total}}' }));

export const ruleOverPartitions = (unit = 's'): fc.Arbitrary<object> => ruleAround(evaluate(unit), unit);

/** Partitions, expected ones and values are whole numbers, of which a double keeps only some. */
export const ruleOfLongIds = (unit = 's'): fc.Arbitrary<object> =>
  fc
    .tuple(ruleOverPartitions(unit), sometimes(fc.uniqueArray(long, { minLength: 1, maxLength: 2 }), 1))
    .map(([rule, expected]) => ({
      ...rule,
      partitionBy: ['m'],
      ...(expected !== undefined && { expect: expected.map((m) => ({ m })) }),
    }))
    // The reference looks at the moments of up to three values that grow together.
    .filter((rule) => partsOf(rule as unknown as Rule) === 1);
