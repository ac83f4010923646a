import { Field } from './field.tsx';
import { useForm } from './form-context.ts';
import { addLabel, removeLabel } from './form-edits.ts';
import type { RuleForm } from './form-model.ts';

/** Labels, which every alert of the rule has. */
export function LabelFields({ form }: { form: RuleForm }) {
  const { edit, issueAt } = useForm();
  return (
    <div role="group" aria-label="labels">
      {form.labels.map(([name, value], index) => (
        <div class="form-line" key={index}>
          <Field
            isBare
            label={`name of label ${index + 1}`}
            value={name}
            onInput={(next) => {
              // Two labels cannot have one name.
              if (next !== '' && !form.labels.some(([other]) => other === next))
                edit([{ path: ['labels', name], name: next }]);
            }}
          />
          <Field
            isBare
            label={`value of label ${index + 1}`}
            value={String(value)}
            issue={issueAt(['labels', name])}
            onInput={(text) => edit([{ path: ['labels', name], value: text }])}
          />
          <button
            type="button"
            class="quiet"
            aria-label={`remove label ${index + 1}`}
            onClick={() => edit(removeLabel(form, name))}
          >
            ✕
          </button>
        </div>
      ))}
      <button type="button" class="quiet add" onClick={() => edit(addLabel(form))}>
        + Label
      </button>
    </div>
  );
}
