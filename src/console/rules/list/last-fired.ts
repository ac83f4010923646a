import { useRef, useState } from 'preact/hooks';
import type { Rows } from '../../design/table/visible-rows.ts';
import { getLastFired } from '../requests.ts';
import type { RuleRow } from './rule-row.ts';

/** Rules that are asked for at the same time. */
const AT_ONCE = 4;

const keyOf = ({ clientId, ruleId }: Pick<RuleRow, 'clientId' | 'ruleId'>): string => `${clientId} ${ruleId}`;

interface LastFired {
  /** Null: not in the last 30 days. Undefined: not known yet. */
  of: (row: RuleRow) => string | null | undefined;
  /** Asks for those of these rows that the newest alerts do not say. */
  see: (rows: readonly RuleRow[], seen: Rows) => void;
}

/** When rules fired last that are not among the newest alerts of their client: asked for when they are visible. */
export function useLastFired(): LastFired {
  const [found, setFound] = useState<ReadonlyMap<string, string | null>>(new Map());
  const work = useRef({ asked: new Set<string>(), waiting: [] as RuleRow[], running: 0 });

  const next = (): void => {
    const { waiting, asked } = work.current;
    while (work.current.running < AT_ONCE) {
      const row = waiting.pop();
      if (row === undefined) return;
      work.current.running += 1;
      getLastFired(row)
        .then(
          (at) => setFound((before) => new Map(before).set(keyOf(row), at)),
          // It is asked for again when it is visible again.
          () => void asked.delete(keyOf(row)),
        )
        .finally(() => {
          work.current.running -= 1;
          next();
        });
    }
  };
  return {
    of: (row) => row.firedAt ?? found.get(keyOf(row)),
    see(rows, { first, end }) {
      const { asked } = work.current;
      const wanted = rows.slice(first, end).filter((row) => row.firedAt === null && !asked.has(keyOf(row)));
      for (const row of wanted) asked.add(keyOf(row));
      // What is visible now comes before what was.
      work.current.waiting.push(...wanted.reverse());
      next();
    },
  };
}
