import { useMemo } from 'preact/hooks';
import { withEdits, type Edit } from './edit-text.ts';
import { FormContext } from './form-context.ts';
import { formOf } from './form-model.ts';
import type { Issue, Reading } from './issues.ts';
import { RuleForm } from './rule-form.tsx';
import type { Schema } from './schema.ts';
import { pathOf, valueOf, type Path } from './yaml-text.ts';

interface Props {
  text: string;
  schema: Schema;
  reading: Reading;
  issues: readonly Issue[];
  isStored: boolean;
  onChange: (text: string) => void;
}

/** The form beside the YAML. While the YAML cannot be read, it shows nothing that could be wrong. */
export function FormSide({ text, schema, reading, issues, isStored, onChange }: Props) {
  const form = useMemo(
    () => (reading.issues.length > 0 ? null : formOf((valueOf(text) ?? {}) as Record<string, unknown>)),
    [text, reading],
  );
  const order = Object.keys(schema.properties ?? {});
  const edit = (edits: readonly Edit[]): void => onChange(withEdits(text, edits, order));
  const issueAt = (path: Path): Issue | undefined =>
    issues.find((issue) => pathOf(issue.path).join('\n') === path.join('\n'));
  return (
    <section class="panel form-side" aria-label="form">
      {form === null ? (
        <p class="empty">The form is back when the YAML can be read: mend line {reading.issues[0]?.line ?? 1} first.</p>
      ) : (
        <FormContext.Provider value={{ schema, edit, issueAt }}>
          <RuleForm form={form} isStored={isStored} />
        </FormContext.Provider>
      )}
    </section>
  );
}
