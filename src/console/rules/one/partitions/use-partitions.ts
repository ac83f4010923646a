import { useEffect, useRef, useState } from 'preact/hooks';
import type { Rows } from '../../../design/table/visible-rows.ts';
import { errorText } from '../../../server/send.ts';
import type { RuleAddress } from '../../addresses.ts';
import { getPartitions } from '../../requests.ts';
import type { Partition } from '../../types.ts';
import { pagesWith, replacePages, type PartitionPage } from './partition-pages.ts';

const PAGE = 500;
/** So many rows before the end of what is loaded, the next page is loaded. */
const AHEAD = 60;

export interface Partitions {
  rows: readonly Partition[];
  isLoaded: boolean;
  hasMore: boolean;
  /** Shards of the set that did not answer. */
  unanswered: number;
  error: string | null;
  /** Loads what is needed for these rows. */
  see: (rows: Rows) => void;
  /** Loads what is visible again. */
  refresh: () => void;
}

/** The partitions of a set, page after page as they are scrolled to. */
export function usePartitions(rule: RuleAddress, setId: string, query: string): Partitions {
  const [pages, setPages] = useState<readonly PartitionPage[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [unanswered, setUnanswered] = useState(0);
  const now = useRef({ pages, seen: { first: 0, end: 0 }, turn: 0, isBusy: false });
  now.current.pages = pages;

  const load = async (cursor: string | null): Promise<PartitionPage> => {
    const more = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await getPartitions(rule, setId, `limit=${PAGE}${query}${more}`);
    setUnanswered(answer.unanswered?.length ?? 0);
    return { cursor, next: answer.next, partitions: answer.partitions };
  };
  /** Loads these pages one after another, as each has the cursor of the next. */
  const loadPages = async (from: number, to: number, first: string | null): Promise<void> => {
    const { turn } = now.current;
    now.current.isBusy = true;
    try {
      const fresh: PartitionPage[] = [];
      for (let cursor: string | null = first; fresh.length < to - from;) {
        const page = await load(cursor);
        if (turn !== now.current.turn) return;
        fresh.push(page);
        if (page.next === null) break;
        cursor = page.next;
      }
      setPages((before) => replacePages(before, from, fresh));
      setError(null);
    } catch (failure) {
      if (turn === now.current.turn) setError(errorText(failure));
    } finally {
      if (turn === now.current.turn) now.current.isBusy = false;
    }
  };
  const refresh = (): void => {
    const { pages: loaded, seen, isBusy } = now.current;
    if (isBusy) return;
    const { from, to } = pagesWith(loaded, seen);
    void loadPages(from, Math.max(to, from + 1), loaded[from]?.cursor ?? null);
  };
  const see = (seen: Rows): void => {
    now.current.seen = seen;
    const { pages: loaded, isBusy } = now.current;
    const count = loaded.reduce((sum, { partitions }) => sum + partitions.length, 0);
    const next = loaded.at(-1)?.next ?? null;
    if (next === null || isBusy || seen.end < count - AHEAD) return;
    void loadPages(loaded.length, loaded.length + 1, next);
  };
  useEffect(() => {
    now.current.turn += 1;
    now.current.seen = { first: 0, end: 0 };
    setPages([]);
    setError(null);
    void loadPages(0, 1, null);
    return () => void (now.current.turn += 1);
  }, [setId, query]);
  // Whoever scrolls fast is there before the page that was being loaded.
  useEffect(() => see(now.current.seen), [pages]);

  return {
    rows: pages.flatMap(({ partitions }) => partitions),
    isLoaded: pages.length > 0,
    hasMore: (pages.at(-1)?.next ?? null) !== null,
    ...{ unanswered, error, see, refresh },
  };
}
