import type { Rows } from '../../../design/table/visible-rows.ts';
import type { Partition } from '../../types.ts';

/** A loaded page of a list of partitions. `cursor`: of the page itself; null for the first. */
export interface PartitionPage {
  cursor: string | null;
  next: string | null;
  partitions: readonly Partition[];
}

type Pages = readonly PartitionPage[];

/** The indexes of the pages with these rows: the first one, and after the last one. */
export function pagesWith(pages: Pages, { first, end }: Rows): { from: number; to: number } {
  let row = 0;
  let from = 0;
  let to = 0;
  pages.forEach(({ partitions }, index) => {
    if (row <= first) from = index;
    if (row < end) to = index + 1;
    row += partitions.length;
  });
  return { from, to: Math.max(to, Math.min(from + 1, pages.length)) };
}

/** With these pages instead of those from an index on. The pages after them stay only if they still follow. */
export function replacePages(pages: Pages, from: number, fresh: Pages): PartitionPage[] {
  const rest = pages.slice(from + fresh.length);
  const follows = rest[0] !== undefined && rest[0].cursor === fresh.at(-1)?.next;
  return [...pages.slice(0, from), ...fresh, ...(follows ? rest : [])];
}
