import { useLocation } from 'preact-iso';
import { useConsole } from '../../app/console.ts';
import { PageTitle } from '../../app/page-title.tsx';
import { useResource } from '../../app/loading/use-resource.ts';
import { Failure } from '../../design/failure.tsx';
import { queryOf, rulePath, type RuleAddress } from '../addresses.ts';
import { asYaml, ruleIn } from '../one/rule-yaml.ts';
import { getRule } from '../requests.ts';
import { RuleEditor } from './rule-editor.tsx';
import { getSchema } from './code/schema-file.ts';
import { TemplateList } from './templates/template-list.tsx';
import { textOf } from './templates/templates.ts';
import '../one/one.css';
import '../rules.css';
import './editor.css';

/** `/rules/new`: choose a template, then write the rule. */
export function NewRulePage() {
  const { url } = useLocation();
  const schema = useResource(getSchema, []);
  const query = queryOf(url);
  const [template, clientId] = [query.get('template'), query.get('client')];
  const text = template === null || clientId === null ? null : textOf(template, clientId);
  return (
    <EditorFrame title="New rule" back={{ href: '/rules', name: 'All rules' }}>
      {text === null && <TemplateList clientId={clientId} />}
      {text !== null && schema.error !== null && <Failure text={schema.error} onRetry={schema.reload} />}
      {text !== null && clientId !== null && schema.value !== null && (
        <RuleEditor key={url} schema={schema.value} clientId={clientId} stored={null} start={text} />
      )}
    </EditorFrame>
  );
}

/** `/rules/:clientId/:ruleId/edit` */
export function EditRulePage(rule: RuleAddress) {
  const { clientId, ruleId } = rule;
  const loaded = useResource(async () => {
    const [schema, { stored, text }] = await Promise.all([getSchema(), getRule({ clientId, ruleId })]);
    return { schema, version: stored.version, text: await asYaml(await ruleIn(text)) };
  }, [clientId, ruleId]);
  const { value, error, reload } = loaded;
  return (
    <EditorFrame title={`Edit ${ruleId}`} back={{ href: rulePath(rule), name: ruleId }}>
      {value === null && error === null && <p class="empty-page">Loading …</p>}
      {error !== null && <Failure text={error} onRetry={reload} />}
      {value !== null && (
        <RuleEditor
          key={`${clientId}/${ruleId}`}
          schema={value.schema}
          clientId={clientId}
          stored={{ rule: { clientId, ruleId }, version: value.version }}
          start={value.text}
        />
      )}
    </EditorFrame>
  );
}

interface FrameProps {
  title: string;
  back: { href: string; name: string };
  children: preact.ComponentChildren;
}

/** Only who may store rules gets to write them. */
function EditorFrame({ title, back, children }: FrameProps) {
  const { may } = useConsole();
  return (
    <div class="rules-page editor-page">
      <a class="back" href={back.href}>
        ← {back.name}
      </a>
      <PageTitle text={title} />
      {may('editor') ? (
        children
      ) : (
        <p class="empty-page">Your role may not change rules. Somebody with the role editor may.</p>
      )}
    </div>
  );
}
