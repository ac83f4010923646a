import { useLocation } from 'preact-iso';
import { queryOf, withQuery } from '../../addresses.ts';
import { ALERTS, SORTS, STATES } from './partition-query.ts';

/** Chooses partitions, and their order. The choice is in the address. */
export function PartitionFilter() {
  const { url, route } = useLocation();
  const query = queryOf(url);
  const change = (name: string, value: string): void => route(withQuery(url, { [name]: value }), true);
  const select = (name: string, label: string, options: readonly (readonly [value: string, text: string])[]) => (
    <select
      aria-label={label}
      value={query.get(name) ?? ''}
      onChange={({ currentTarget }) => change(name, currentTarget.value)}
    >
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
  const same = (values: readonly string[]) => values.map((value) => [value, value] as const);
  return (
    <search class="filters">
      <input
        type="search"
        aria-label="search partitions"
        placeholder="Search partitions"
        value={query.get('text') ?? ''}
        onChange={({ currentTarget }) => change('text', currentTarget.value)}
      />
      {select('state', 'state', [['', 'Any state'], ...same(STATES)])}
      {select('alert', 'alert', [['', 'Any alert'], ...same(ALERTS)])}
      {select(
        'sort',
        'order',
        Object.entries(SORTS).map(([value, text]) => [value === 'partition' ? '' : value, text]),
      )}
    </search>
  );
}
