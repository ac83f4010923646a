const ROW = '[data-alert]';
/** The row that has or had the focus. */
const CURRENT = '[data-alert][tabindex="0"]';

/** Moves the focus by so many rows; from outside of the list, to the current row. */
export function focusRow(list: HTMLElement | null, step: number): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>(ROW) ?? [])];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? list?.querySelector<HTMLElement>(CURRENT) : rows[here + step];
  next?.focus();
}
