import { useLocation } from 'preact-iso';
import { useMemo } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { PageTitle } from '../../app/page-title.tsx';
import { Failure } from '../../design/failure.tsx';
import { newRulePath, withQuery } from '../addresses.ts';
import { FilterBar } from './filter-bar.tsx';
import { FirstRule } from './first-rule.tsx';
import { useRules } from './follow-rules.ts';
import { filteredRows, filterOf, isFiltering } from './rule-filter.ts';
import { RuleTable } from './rule-table.tsx';
import '../rules.css';

/** `/rules`: the rules of all clients that the user may see. */
export function RuleListPage() {
  const { url, route } = useLocation();
  const { rows: byClient, clients, isLoaded, error, reload } = useRules();
  const { may } = useConsole();
  const filter = filterOf(url);
  const rows = useMemo(() => [...byClient.values()].flat(), [byClient]);
  const shown = useMemo(() => filteredRows(rows, filter), [rows, url]);
  const clearFilter = (): void => route(withQuery(url, { text: null, client: null, status: null, label: null }), true);
  return (
    <div class="rules-page">
      <header class="page-head">
        <PageTitle text="Rules" />
        <p class="aside" role="status">
          {isLoaded ? countText(shown.length, rows.length) : 'Loading …'}
        </p>
        {may('editor') && (
          <a class="button primary" href={newRulePath(filter.client === '' ? null : filter.client)}>
            New rule
          </a>
        )}
      </header>
      {error !== null && <Failure text={error} onRetry={reload} />}
      {(rows.length > 0 || isFiltering(filter)) && <FilterBar filter={filter} rows={rows} clients={clients ?? []} />}
      {isLoaded && rows.length === 0 && !isFiltering(filter) && <FirstRule clientId={clients?.[0] ?? 'client-03'} />}
      {isLoaded && shown.length === 0 && isFiltering(filter) && (
        <div class="empty-page">
          <p>No rule is like this.</p>
          <button type="button" onClick={clearFilter}>
            Show all rules
          </button>
        </div>
      )}
      {shown.length > 0 && <RuleTable rows={shown} />}
    </div>
  );
}

const countText = (shown: number, all: number): string =>
  shown === all ? `${all} ${all === 1 ? 'rule' : 'rules'}` : `${shown} of ${all} rules`;
