import fc from 'fast-check';
import { comparisonOfElement, manyProperty, ofElements } from '../arbitrary-elements.ts';
import { withOperands } from '../arbitrary-operand.ts';
import { duration, oneOf, sometimes } from '../arbitrary-parts.ts';
import { ruleAround } from './arbitrary-rule.ts';
import { ruleOfSteps } from './rule-of-steps.ts';

/** Rules about the elements of lists: in `where`, `settings`, `forgetOn`, in calculations, in steps, and as `latest`. */
export function ruleOfElements(unit = 's'): fc.Arbitrary<object> {
  const entries = fc.array(ofElements, { minLength: 1, maxLength: 2 });
  const compared = oneOf({ weight: 3, arbitrary: comparisonOfElement }, withOperands(unit));
  const newest = fc
    .tuple(manyProperty, compared, sometimes(fc.constant('number'), 2), sometimes(entries, 3))
    .map(([property, is, as, where]) => ({
      ...{ calc: 'latest', property },
      ...(as !== undefined && { as }),
      ...(where !== undefined && { where }),
      ...is,
    }));
  const counted = fc
    .tuple(entries, duration(unit), fc.integer({ min: 1, max: 3 }))
    .map(([where, within, gte]) => ({ calc: 'count', within, where, gte }));
  const timed = fc
    .tuple(entries, duration(unit), duration(unit))
    .map(([where, within, gte]) => ({ calc: 'timeIn', within, where, gte }));
  const leaf = fc
    .tuple(
      oneOf({ weight: 5, arbitrary: newest }, { weight: 1, arbitrary: counted }, { weight: 1, arbitrary: timed }),
      sometimes(duration(unit), 3),
    )
    .map(([given, lasting]) => (lasting === undefined ? given : { ...given, for: lasting }));
  const condition = oneOf(
    { weight: 4, arbitrary: leaf },
    leaf.map((not) => ({ not })),
    fc.tuple(leaf, leaf).map((all) => ({ all })),
    fc.tuple(leaf, leaf).map((any) => ({ any })),
  );
  const evaluation = fc
    .tuple(fc.constantFrom('any', 'each', 'all', 'none'), condition)
    .map(([type, having]) => ({ type, having }));
  const given = { where: sometimes(entries, 2), settings: sometimes(entries, 3), forgetOn: sometimes(entries, 3) };
  const rules = oneOf({ weight: 4, arbitrary: ruleAround(evaluation, unit) }, stepsOfElements(unit));
  return fc.tuple(rules, fc.record(given)).map(([rule, own]) => ({
    ...rule,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
    message: 'list {{event.l[*]}}',
  }));
}

/** Of a sequence, one step more, or of a `not`, one entry more. */
const stepsOfElements = (unit: string): fc.Arbitrary<object> =>
  fc.tuple(ruleOfSteps(unit), ofElements, ofElements).map(([rule, first, last]) => {
    const { evaluate } = rule as { evaluate: { steps: { where?: object[]; not?: { where: object[] } }[] } };
    const steps = evaluate.steps.map((step, index) => {
      const entry = index === 0 ? first : last;
      if (step.not !== undefined) return { ...step, not: { where: [...step.not.where, entry] } };
      return { ...step, where: [...(step.where ?? []), entry] };
    });
    return { ...rule, evaluate: { ...evaluate, steps } };
  });
