import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { visibleRows, type Rows } from './visible-rows.ts';
import './long-table.css';

/** Of every row, in pixels. long-table.css has the same. */
const ROW_HEIGHT = 44;
const START: Rows = { first: 0, end: 40 };

interface Props<Item> {
  label: string;
  /** The titles of the columns; null for one that only screen readers need. */
  columns: readonly string[];
  items: readonly Item[];
  /** The cells of a row. Its link, or button with the class `row-link`, is clickable all over the row. */
  row: (item: Item) => ComponentChildren;
  isCurrent?: (item: Item) => boolean;
  /** Whether more rows are to come: then their number is not known. */
  isPartial?: boolean;
  onVisible?: (rows: Rows) => void;
}

/** A table that has only its visible rows in the document. The arrow keys go from row to row. */
export function LongTable<Item>({ label, columns, items, row, isCurrent, isPartial = false, onVisible }: Props<Item>) {
  const frame = useRef<HTMLDivElement>(null);
  const [rows, setRows] = useState(START);
  const count = items.length;
  const update = (): void => {
    if (frame.current === null) return;
    const { scrollTop: scrolled, clientHeight: height } = frame.current;
    const seen = visibleRows({ scrolled, height, rowHeight: ROW_HEIGHT, count });
    setRows((before) => (before.first === seen.first && before.end === seen.end ? before : seen));
  };
  useEffect(() => {
    update();
    const observer = new ResizeObserver(update);
    if (frame.current !== null) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [count]);
  const end = Math.min(rows.end, count);
  useEffect(() => onVisible?.({ first: rows.first, end }), [rows.first, end, count]);

  return (
    <div
      class="long-table"
      ref={frame}
      onScroll={update}
      onKeyDown={moveFocus}
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      <table aria-label={label} aria-rowcount={isPartial ? -1 : count + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={rows.first} />
          {items.slice(rows.first, end).map((item, index) => (
            <tr
              key={rows.first + index}
              class="row"
              aria-rowindex={rows.first + index + 2}
              aria-current={isCurrent?.(item) === true ? 'true' : undefined}
            >
              {row(item)}
            </tr>
          ))}
          <Gap rows={count - end} />
        </tbody>
      </table>
    </div>
  );
}

/** The place of rows that are not in the document. */
const Gap = ({ rows }: { rows: number }) =>
  rows > 0 ? <tr class="gap" aria-hidden="true" style={{ height: `${rows * ROW_HEIGHT}px` }} /> : null;

function moveFocus(event: KeyboardEvent & { currentTarget: HTMLDivElement }): void {
  const step =
    event.key === 'ArrowDown' ? 'nextElementSibling' : event.key === 'ArrowUp' ? 'previousElementSibling' : null;
  if (step === null || !(event.target instanceof HTMLElement)) return;
  const row = event.target.closest('.row');
  const next = row === null ? event.currentTarget.querySelector('.row') : row[step];
  const link = next?.querySelector<HTMLElement>('.row-link');
  if (!link) return;
  event.preventDefault();
  link.focus();
}
