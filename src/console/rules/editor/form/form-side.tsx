import { useMemo, useRef } from 'preact/hooks';
import { withEdits, type Edit } from '../yaml/edit-text.ts';
import { FormContext } from './form-context.ts';
import { formOf, type RuleForm } from './form-model.ts';
import type { Issue, Reading } from '../check/issues.ts';
import { RuleFields } from './rule-fields.tsx';
import type { EventProperty } from '../../types.ts';
import type { Schema } from '../code/schema.ts';
import { pathOf, valueOf, type Path } from '../yaml/yaml-text.ts';

interface Props {
  text: string;
  schema: Schema;
  properties: readonly EventProperty[];
  reading: Reading;
  issues: readonly Issue[];
  isStored: boolean;
  onChange: (text: string) => void;
}

/** The form beside the YAML. While the YAML cannot be read, it rests, with what it showed last. */
export function FormSide({ text, schema, properties, reading, issues, isStored, onChange }: Props) {
  const isBroken = reading.issues.length > 0;
  const last = useRef<RuleForm>(formOf({}));
  const form = useMemo(
    () => (isBroken ? last.current : formOf((valueOf(text) ?? {}) as Record<string, unknown>)),
    [text, isBroken],
  );
  last.current = form;
  const order = Object.keys(schema.properties ?? {});
  const edit = (edits: readonly Edit[]): void => onChange(withEdits(text, edits, order));
  const issueAt = (path: Path): Issue | undefined =>
    issues.find((issue) => pathOf(issue.path).join('\n') === path.join('\n'));
  return (
    <section class="panel form-side" aria-label="form">
      {isBroken && (
        <p class="paused" role="note">
          The form rests until the YAML can be read: mend line {reading.issues[0]?.line ?? 1} first.
        </p>
      )}
      <fieldset class="whole-form" disabled={isBroken}>
        <FormContext.Provider value={{ schema, properties, edit, issueAt }}>
          <RuleFields form={form} isStored={isStored} />
        </FormContext.Provider>
      </fieldset>
    </section>
  );
}
