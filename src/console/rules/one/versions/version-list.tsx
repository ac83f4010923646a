import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useConsole } from '../../../app/console.ts';
import { useResource } from '../../../app/loading/use-resource.ts';
import { Ago } from '../../../design/time/ago.tsx';
import { Failure } from '../../../design/failure.tsx';
import { LongTable } from '../../../design/table/long-table.tsx';
import { queryOf, withQuery, type RuleAddress } from '../../addresses.ts';
import { getVersions } from '../../requests.ts';
import type { StoredRule, Version } from '../../types.ts';
import { CompareVersions } from './compare-versions.tsx';
import { RollBackDialog } from './roll-back-dialog.tsx';

/** vigil keeps fewer versions of a rule. */
const MOST = 1_000;
const COLUMNS = ['Version', 'Edition', 'Change', 'By', 'From', 'Stored', 'Actions'];

interface Props {
  rule: RuleAddress;
  stored: StoredRule;
  onChanged: () => void;
}

/** Who has changed the rule and when, what differs, and the way back. */
export function VersionList({ rule, stored, onChanged }: Props) {
  const { may, say } = useConsole();
  const { url, route } = useLocation();
  const [to, setTo] = useState<number | null>(null);
  const found = useResource(() => getVersions(rule, `limit=${MOST}`), [stored.version]);
  const versions = found.value?.versions ?? [];
  // Of the list, which may be newer than what the page knows of the rule.
  const newest = versions[0]?.version ?? stored.version;
  const compared = queryOf(url).get('before');
  const compare = (before: number): void =>
    route(withQuery(url, { before: String(before), after: String(newest) }), true);
  const changed = (): void => {
    say(`${rule.ruleId} is rolled back.`);
    onChanged();
  };
  const row = (version: Version) => {
    const isOther = version.version !== newest && version.change !== 'deleted';
    return (
      <>
        <td>{version.version}</td>
        <td>{version.edition ?? '–'}</td>
        <td>{changeText(version)}</td>
        <td title={version.by ?? undefined}>{version.by ?? '–'}</td>
        <td class="aside">{version.from?.channel ?? '–'}</td>
        <td class="aside">
          <Ago time={version.storedAt} />
        </td>
        <td>
          {isOther && (
            <button
              type="button"
              class="quiet"
              aria-label={`compare version ${version.version}`}
              onClick={() => compare(version.version)}
            >
              Compare
            </button>
          )}
          {isOther && may('editor') && (
            <button
              type="button"
              class="quiet"
              aria-label={`roll back to version ${version.version}`}
              onClick={() => setTo(version.version)}
            >
              Roll back …
            </button>
          )}
        </td>
      </>
    );
  };
  return (
    <section class="panel versions" aria-label="versions">
      <header>
        <h2>Versions</h2>
        {found.value?.isWhole === false && <p class="aside">vigil no longer keeps older ones</p>}
      </header>
      {found.error !== null && <Failure text={found.error} onRetry={found.reload} />}
      {versions.length > 0 && <LongTable label="versions" columns={COLUMNS} items={versions} row={row} />}
      {compared !== null && <CompareVersions rule={rule} versions={versions} />}
      {to !== null && (
        <RollBackDialog rule={rule} version={stored.version} to={to} onClose={() => setTo(null)} onDone={changed} />
      )}
    </section>
  );
}

const WORDS: Record<string, string> = { rolledBack: 'rolled back' };

const changeText = ({ change, restored }: Version): string =>
  `${WORDS[change] ?? change}${restored === undefined ? '' : ` to ${restored}`}`;
