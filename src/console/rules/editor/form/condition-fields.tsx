import { textsOf } from './event-names.ts';
import { Choose, Field } from './field.tsx';
import { setCalc, setComparison, setText, setValue, type Needs } from './form-edits.ts';
import { COMPARISONS, type Compared } from './form-model.ts';
import { useForm } from './form-context.ts';
import { fieldText } from '../yaml/scalar-text.ts';
import { schemasAt, valuesOf, type Schema } from '../code/schema.ts';

const WORDS = Object.entries(COMPARISONS);
const IS_PRESENT = [
  ['true', 'yes'],
  ['false', 'no'],
] as const;

/** A calculation, or without one a property of an event, and what it is compared with. */
export function ConditionFields({ condition, name }: { condition: Compared; name: string }) {
  const { schema, properties, edit, issueAt } = useForm();
  const { path, calc, property, within, comparison } = condition;
  const needs = calc === undefined ? { property: true, within: false } : needsOf(schema, calc);
  return (
    <div class="condition" role="group" aria-label={name}>
      {calc !== undefined && (
        <Choose
          isBare
          label={`calculation of ${name}`}
          value={calc}
          choices={calculations(schema)}
          onChoose={(word) => edit(setCalc(condition, word, needsOf(schema, word)))}
        />
      )}
      {needs.property && (
        <Field
          isBare
          label={`property of ${name}`}
          placeholder="property"
          value={property ?? ''}
          suggestions={properties.map((each) => each.path)}
          issue={issueAt([...path, 'property'])}
          onInput={(text) => edit(setText([...path, 'property'], text))}
        />
      )}
      {needs.within && (
        <Field
          isBare
          label={`window of ${name}`}
          placeholder="within, such as 5m"
          value={within ?? ''}
          issue={issueAt([...path, 'within'])}
          onInput={(text) => edit(setText([...path, 'within'], text))}
        />
      )}
      <ComparisonFields condition={condition} name={name} />
      {comparison === null && <p class="aside">compared in the YAML</p>}
    </div>
  );
}

export function ComparisonFields({ condition, name }: { condition: Compared; name: string }) {
  const { edit, issueAt, properties } = useForm();
  const { path, comparison } = condition;
  if (comparison === null) return null;
  const { word, value } = comparison;
  return (
    <>
      <Choose
        isBare
        label={`comparison of ${name}`}
        value={word}
        choices={WORDS}
        onChoose={(next) => edit(setComparison(condition, next))}
      />
      {word === 'exists' ? (
        <Choose
          isBare
          label={`value of ${name}`}
          value={String(value)}
          choices={IS_PRESENT}
          onChoose={(text) => edit(setValue(condition, text))}
        />
      ) : (
        <Field
          isBare
          label={`value of ${name}`}
          placeholder="value"
          value={fieldText(value)}
          suggestions={textsOf(condition.property, properties)}
          issue={issueAt([...path, word])}
          onInput={(text) => edit(setValue(condition, text))}
        />
      )}
    </>
  );
}

const EVALUATED = ['evaluate', 'having'];

/** The schema says which words a calculation has. */
function needsOf(schema: Schema, calc: string): Needs {
  const rule = { evaluate: { type: 'each', having: { calc } } };
  const has = (word: string): boolean =>
    schemasAt(schema, rule, EVALUATED).some(({ properties = {} }) => Object.hasOwn(properties, word));
  return { property: has('property'), within: has('within') };
}

function calculations(schema: Schema): [string, string][] {
  const rule = { evaluate: { type: 'each' } };
  return valuesOf(schemasAt(schema, rule, [...EVALUATED, 'calc'])).map(({ word }) => [word, word]);
}
