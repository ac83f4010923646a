import { useState } from 'preact/hooks';
import { useResource } from '../../app/loading/use-resource.ts';
import { CopyText } from '../../design/copy-text.tsx';
import { asJson, asYaml, ruleIn } from './rule-yaml.ts';

const FORMS = { YAML: asYaml, JSON: asJson };

/** The rule as it is stored, read only. */
export function RuleText({ text }: { text: string }) {
  const [form, setForm] = useState<keyof typeof FORMS>('YAML');
  const shown = useResource(async () => FORMS[form](await ruleIn(text)), [text, form]);
  return (
    <details class="panel">
      <summary>Definition</summary>
      <div class="group" role="group" aria-label="form of the rule">
        {(['YAML', 'JSON'] as const).map((each) => (
          <button key={each} type="button" class="choice" aria-pressed={form === each} onClick={() => setForm(each)}>
            {each}
          </button>
        ))}
      </div>
      {shown.value !== null && <CopyText label={`the rule as ${form}`} text={shown.value} />}
    </details>
  );
}
