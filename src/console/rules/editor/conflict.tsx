import { useState } from 'preact/hooks';
import { useResource } from '../../app/loading/use-resource.ts';
import { Ago } from '../../design/time/ago.tsx';
import { Failure } from '../../design/failure.tsx';
import { rulePath, type RuleAddress } from '../addresses.ts';
import { DiffView } from '../one/versions/diff-view.tsx';
import { asYaml, ruleIn } from '../one/rule-yaml.ts';
import { getRule, getVersions } from '../requests.ts';

interface Props {
  rule: RuleAddress;
  text: string;
  /** Goes on with the text of the user, over theirs. */
  onKeep: (theirs: string, version: number) => void;
  onTake: (theirs: string, version: number) => void;
}

/** Somebody else has stored the rule meanwhile: who, what differs, and the ways out. */
export function Conflict({ rule, text, onKeep, onTake }: Props) {
  const [isComparing, compare] = useState(false);
  const found = useResource(async () => {
    const [{ stored, text: answer }, { versions }] = await Promise.all([getRule(rule), getVersions(rule, 'limit=1')]);
    return { stored, theirs: await asYaml(await ruleIn(answer)), by: versions[0]?.by ?? null };
  }, [rule.clientId, rule.ruleId]);
  const { value, error, reload } = found;
  if (error !== null) return <Failure text={error} onRetry={reload} />;
  if (value === null) return <p class="empty">Reading what has changed …</p>;
  const { stored, theirs, by } = value;
  return (
    <section class="panel conflict" aria-label="changed meanwhile" role="alert">
      <p>
        <strong>{by ?? 'Somebody'}</strong> stored <a href={rulePath(rule)}>{rule.ruleId}</a>{' '}
        <Ago time={stored.storedAt} />. Your text is not saved.
      </p>
      <div class="group">
        <button type="button" aria-pressed={isComparing} onClick={() => compare(!isComparing)}>
          Compare
        </button>
        <button type="button" onClick={() => onTake(theirs, stored.version)}>
          Take theirs
        </button>
        <button type="button" onClick={() => onKeep(theirs, stored.version)}>
          Go on with mine
        </button>
      </div>
      {isComparing && <DiffView before={theirs} after={text} label="theirs and yours" />}
    </section>
  );
}
