/** Rows beyond both ends of what is visible, so that scrolling and the arrow keys find them there. */
const BEYOND = 12;

export interface Rows {
  first: number;
  /** Not included. */
  end: number;
}

interface View {
  /** All in pixels. */
  scrolled: number;
  height: number;
  rowHeight: number;
  /** Rows of the whole table. */
  count: number;
}

/** The rows that have to be on the page. */
export function visibleRows({ scrolled, height, rowHeight, count }: View): Rows {
  const first = Math.min(Math.max(0, Math.floor(scrolled / rowHeight) - BEYOND), count);
  const end = Math.min(count, Math.ceil((scrolled + height) / rowHeight) + BEYOND);
  return { first, end: Math.max(first, end) };
}
