import fc from 'fast-check';
import { adjustment } from '../arbitrary-operand.ts';
import { duration, number, ofLong, oneOf, present, sometimes, text } from '../arbitrary-parts.ts';
import { ruleAround } from './arbitrary-rule.ts';

const stepWhere = oneOf(
  { weight: 4, arbitrary: text.map((equals) => [{ property: 's', equals }]) },
  number.map((gt) => [{ property: 't', gt }]),
  number.map((lt) => [{ property: 't', as: 'number', lt }]),
  ofLong.map((is) => [{ property: 't', as: 'number', ...is }]),
  text.map((equals) => [{ property: 's', exists: true }, { not: { property: 's', equals } }]),
  text.map((endsWith) => [{ property: 's', endsWith, ignoreCase: true }]),
);

/** A sequence starts with an event, followed by events and `not` steps. */
export function ruleOfSteps(unit = 's'): fc.Arbitrary<object> {
  const within = sometimes(duration(unit), 1);
  const unless = sometimes(
    stepWhere.map((unwanted) => ({ where: unwanted })),
    3,
  );
  const times = sometimes(fc.integer({ min: 1, max: 3 }), 3);
  const first = fc
    .record({ where: stepWhere, times, within })
    .map(({ within: gap, ...step }) => present({ ...step, within: (step.times ?? 1) > 1 ? gap : undefined }));
  const event = fc
    .record({ where: stepWhere, within, times, strict: sometimes(fc.boolean(), 3), unless })
    .map((step) => present(step));
  const absence = fc
    .record({ where: stepWhere, within: duration(unit), unless })
    .map(({ where: unwanted, ...step }) => present({ not: { where: unwanted }, ...step }));
  /** The first step is `one`, and others compare with its event. */
  const comparing = sometimes(fc.tuple(fc.constantFrom('equals', 'notEquals', 'gt', 'lte'), adjustment), 1);
  const steps = fc
    .tuple(
      first,
      fc.array(oneOf({ weight: 2, arbitrary: event }, absence), { minLength: 0, maxLength: 3 }),
      fc.array(comparing, { minLength: 3, maxLength: 3 }),
    )
    .map(([start, rest, sides]) => [
      { ...start, as: 'one' },
      ...rest.map((step, index) => withStep(step, sides[index])),
    ])
    .map((all) => all.map((step, index) => withoutStrict(step, all[index - 1])));
  const evaluation = fc
    .tuple(steps, sometimes(duration(unit), 2))
    .map(([each, whole]) => present({ type: 'sequence', steps: each, within: whole }));
  return ruleAround(evaluation, unit).map((rule) => ({ ...rule, clear: undefined }));
}

/** The step, of which what it matches, or its `unless`, compares with the step `one`. */
function withStep(step: object, comparing: [string, object] | undefined): object {
  if (comparing === undefined) return step;
  const [word, how] = comparing;
  const entry = { property: 't', [word]: { step: 'one', property: 't', ...how } };
  const { not, unless, where: own = [] } = step as { not?: object; unless?: object; where?: object[] };
  if (unless !== undefined) return { ...step, unless: { where: [entry] } };
  return not === undefined ? { ...step, where: [...own, entry] } : { ...step, not: { where: [entry] } };
}

/** The step itself, but without `strict` after a `not`. */
const withoutStrict = (step: object, before: object | undefined): object =>
  before !== undefined && 'not' in before ? present({ ...step, strict: undefined }) : step;
