import { queryOf } from '../../addresses.ts';

export const SORTS = { partition: 'by name', lastEvent: 'newest event first', value: 'largest value first' } as const;
export const STATES = ['live', 'stale', 'not reported', 'forgotten'] as const;
export const ALERTS = ['firing', 'pending', 'inactive'] as const;

/** The filter and the order of partitions in the address of the page, for the API: `&sort=value&state=live`. */
export function partitionQuery(url: string): string {
  const asked = queryOf(url);
  const query = new URLSearchParams();
  const keep = (name: string, known: readonly string[]): void => {
    const value = asked.get(name);
    if (value !== null && known.includes(value)) query.append(name, value);
  };
  keep('sort', Object.keys(SORTS));
  keep('state', STATES);
  keep('alert', ALERTS);
  const text = asked.get('text');
  if (text !== null && text !== '') query.append('text', text);
  return query.size === 0 ? '' : `&${query.toString()}`;
}
