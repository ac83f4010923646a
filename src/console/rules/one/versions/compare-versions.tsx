import { useLocation } from 'preact-iso';
import { useResource } from '../../../app/loading/use-resource.ts';
import { Failure } from '../../../design/failure.tsx';
import { queryOf, withQuery, type RuleAddress } from '../../addresses.ts';
import { getVersionText } from '../../requests.ts';
import type { Version } from '../../types.ts';
import { DiffView } from './diff-view.tsx';
import { asYaml, ruleIn } from '../rule-yaml.ts';

/** What differs between the two versions that the address names. */
export function CompareVersions({ rule, versions }: { rule: RuleAddress; versions: readonly Version[] }) {
  const { url, route } = useLocation();
  const query = queryOf(url);
  const [before, after] = [Number(query.get('before')), Number(query.get('after'))];
  const texts = useResource(
    async () =>
      Promise.all([before, after].map(async (version) => asYaml(await ruleIn(await getVersionText(rule, version))))),
    [before, after],
  );
  const select = (name: 'before' | 'after', label: string, chosen: number) => (
    <select
      aria-label={label}
      value={String(chosen)}
      onChange={({ currentTarget }) => route(withQuery(url, { [name]: currentTarget.value }), true)}
    >
      {versions
        .filter(({ change }) => change !== 'deleted')
        .map(({ version, edition }) => (
          <option key={version} value={String(version)}>
            version {version}
            {edition !== null && ` (edition ${edition})`}
          </option>
        ))}
    </select>
  );
  const [old, next] = texts.value ?? [];
  return (
    <section class="compare" aria-label="comparison">
      <div class="filters">
        {select('before', 'older version', before)}
        {select('after', 'newer version', after)}
        <button type="button" class="quiet" onClick={() => route(withQuery(url, { before: null, after: null }), true)}>
          Close
        </button>
      </div>
      {texts.error !== null && <Failure text={texts.error} onRetry={texts.reload} />}
      {old !== undefined && next !== undefined && <DiffView before={old} after={next} label="difference" />}
    </section>
  );
}
