import fc from 'fast-check';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { VigilError } from '../../../src/core/primitives/errors.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { SEVERITIES } from '../../../src/core/model/alert/severity.ts';
import { present } from './arbitrary-parts.ts';

type Words = Record<string, unknown>;

/** Words of the rule whose change the tests tell apart; of `evaluate` a small change is more likely than another one. */
const SWAPPED = ['evaluate', 'for', 'keepFiringFor', 'clear', 'settings', 'expect', 'noData', 'partitionBy', 'where'];

/** Only what alerts say, and how often. */
const said = fc.record(
  {
    name: fc.constantFrom('one', 'two'),
    message: fc.constant('{{count}} of {{total}}'),
    labels: fc.constantFrom({ team: 'a' }, { team: 'b' }),
    severity: fc.constantFrom(...SEVERITIES),
    repeat: fc.constantFrom('3s', '5s'),
    heartbeat: fc.constantFrom('4s', '7s'),
  },
  { requiredKeys: [] },
);

/** Two versions of a rule. The second one has some words of another rule, other numbers, or other windows. */
export const changes = (rules: fc.Arbitrary<object>): fc.Arbitrary<[Rule, Rule]> =>
  fc
    .tuple(
      rules,
      rules,
      fc.oneof(fc.constant([]), fc.subarray(SWAPPED, { maxLength: 2 })),
      said,
      fc.constantFrom('nothing', 'nothing', 'numbers', 'windows'),
    )
    .map(([before, other, words, texts, tweak]) => {
      const from = other as Words;
      const swapped = Object.fromEntries(words.map((word) => [word, from[word]]));
      const next = { ...before, ...swapped, ...texts } as Words;
      return [before, { ...next, evaluate: tweaked(next['evaluate'], tweak) }].map(parsed);
    })
    .filter((pair): pair is [Rule, Rule] => pair.every((rule) => rule !== undefined));

function parsed(rule: object): Rule | undefined {
  try {
    return parseRule(present(rule));
  } catch (error) {
    if (error instanceof VigilError) return undefined;
    throw error;
  }
}

/** Other operands, or longer windows. */
function tweaked(node: unknown, tweak: string): unknown {
  if (Array.isArray(node)) return node.map((each) => tweaked(each, tweak));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([word, value]: [string, unknown]) => {
      if (tweak === 'numbers' && ['gt', 'gte', 'lt', 'lte'].includes(word) && typeof value === 'number')
        return [word, value + 1];
      if (tweak === 'windows' && word === 'within' && typeof value === 'string') return [word, `1${value}`];
      return [word, tweaked(value, tweak)];
    }),
  );
}
