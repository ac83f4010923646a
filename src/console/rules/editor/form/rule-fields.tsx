import { ConditionFields, ComparisonFields } from './condition-fields.tsx';
import { namesAfter } from './event-names.ts';
import { Choose, Field } from './field.tsx';
import { useForm } from './form-context.ts';
import { addClear, addFilter, addHaving, removeFilter, setNames, setText, setType } from './form-edits.ts';
import { EVALUATIONS, type RuleForm } from './form-model.ts';
import { LabelFields } from './label-fields.tsx';

interface Props {
  form: RuleForm;
  /** The client and the id of a stored rule stay. */
  isStored: boolean;
}

const TYPES = Object.entries(EVALUATIONS);
const SEVERITIES = ['info', 'warning', 'critical'].map((word) => [word, word] as const);

/** The common shape of a rule. What it cannot show stays in the YAML. */
export function RuleFields({ form, isStored }: Props) {
  return (
    <form class="rule-form" aria-label="rule as a form" onSubmit={(event) => event.preventDefault()}>
      <div class="form-row">
        <TextField form={form} word="name" label="Name" />
        <TextField form={form} word="id" label="Id" isFixed={isStored} />
        <TextField form={form} word="clientId" label="Client" isFixed={isStored} />
      </div>
      <Filters form={form} />
      <Names form={form} />
      <Condition form={form} />
      <div class="form-row">
        <TextField form={form} word="for" label="Must hold for" placeholder="at once" />
        <TextField form={form} word="staleAfter" label="Data is stale after" placeholder="never" />
        <TextField form={form} word="heartbeat" label="Heartbeat every" placeholder="none" />
      </div>
      <Alert form={form} />
      {form.onlyInYaml.length > 0 && (
        <p class="aside" role="note">
          Only in the YAML, and untouched by this form: <code>{form.onlyInYaml.join(', ')}</code>
        </p>
      )}
    </form>
  );
}

interface TextProps {
  form: RuleForm;
  word: string;
  label: string;
  placeholder?: string;
  isFixed?: boolean;
}

function TextField({ form, word, ...rest }: TextProps) {
  const { edit, issueAt } = useForm();
  return (
    <Field
      {...rest}
      value={form.texts[word] ?? ''}
      issue={issueAt([word])}
      onInput={(text) => edit(setText([word], text))}
    />
  );
}

function Filters({ form }: { form: RuleForm }) {
  const { edit } = useForm();
  return (
    <fieldset>
      <legend>Which events</legend>
      {form.where.map(
        (condition, index) =>
          condition !== null && (
            <div class="form-line" key={index}>
              <ConditionFields condition={condition} name={`filter ${index + 1}`} />
              <button
                type="button"
                class="quiet"
                aria-label={`remove filter ${index + 1}`}
                onClick={() => edit(removeFilter(form, index))}
              >
                ✕
              </button>
            </div>
          ),
      )}
      <button type="button" class="quiet add" onClick={() => edit(addFilter(form))}>
        + Filter
      </button>
    </fieldset>
  );
}

function Names({ form }: { form: RuleForm }) {
  const { edit, properties } = useForm();
  return (
    <div class="form-row">
      <Field
        label="Partition by (properties)"
        placeholder="machineId"
        value={form.partitionBy}
        suggestions={namesAfter(form.partitionBy, properties)}
        onInput={(text) => edit(setNames('partitionBy', text))}
      />
      <Field
        label="Group by (properties)"
        placeholder="all in one"
        value={form.groupBy}
        suggestions={namesAfter(form.groupBy, properties)}
        onInput={(text) => edit(setNames('groupBy', text))}
      />
    </div>
  );
}

function Condition({ form }: { form: RuleForm }) {
  const { edit } = useForm();
  const { having, clear, compares, type } = form;
  const isOnlyInYaml = (path: string): boolean => form.onlyInYaml.some((each) => each === path || each === 'evaluate');
  return (
    <fieldset>
      <legend>When it fires</legend>
      <div class="form-line">
        <Choose label="It must hold" value={type} choices={TYPES} onChoose={(word) => edit(setType(form, word))} />
        {compares !== null && <ComparisonFields condition={compares} name="number of partitions" />}
      </div>
      {having !== null && <ConditionFields condition={having} name="condition" />}
      {having === null && !isOnlyInYaml('evaluate.having') && !isOnlyInYaml('evaluate.levels') && (
        <button type="button" class="quiet add" onClick={() => edit(addHaving())}>
          + Condition
        </button>
      )}
      {clear !== null && (
        <div class="form-line">
          <p class="aside">and goes on until</p>
          <ConditionFields condition={clear} name="clear condition" />
          <button
            type="button"
            class="quiet"
            aria-label="remove clear condition"
            onClick={() => edit([{ path: ['clear'], value: undefined }])}
          >
            ✕
          </button>
        </div>
      )}
      {clear === null && !isOnlyInYaml('clear') && type !== 'sequence' && (
        <button type="button" class="quiet add" onClick={() => edit(addClear(form))}>
          + Clear only when another condition holds
        </button>
      )}
    </fieldset>
  );
}

function Alert({ form }: { form: RuleForm }) {
  const { edit } = useForm();
  return (
    <fieldset>
      <legend>The alert</legend>
      <div class="form-row">
        <Choose
          label="Severity"
          value={form.texts['severity'] ?? ''}
          choices={SEVERITIES}
          onChoose={(word) => edit(setText(['severity'], word))}
        />
        <TextField form={form} word="message" label="Message" />
      </div>
      <LabelFields form={form} />
    </fieldset>
  );
}
