import { z } from 'zod';
import { RequestError } from '../errors.ts';

/* Lists in pages. A cursor is text that only vigil reads: the list, and the place of the last item. */

export interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

interface Order<Item, Place> {
  /** Name of the list, so that the cursor of another one is refused. */
  list: string;
  placeOf: (item: Item) => Place;
  isAfter: (place: Place, last: Place) => boolean;
}

type Place = string | number;

/** A page of items that are in order, and the cursor of the next page; null at the end. */
export function pageOf<Item, At extends Place>(
  items: readonly Item[],
  { list, placeOf, isAfter }: Order<Item, At>,
  { limit, cursor }: PageQuery,
): { items: Item[]; next: string | null } {
  const last = cursor === undefined ? undefined : (readCursor(list, cursor) as At);
  const rest = last === undefined ? items : items.filter((item) => isAfter(placeOf(item), last));
  const page = rest.slice(0, limit);
  const end = page.at(-1);
  return { items: page, next: end === undefined || rest.length <= limit ? null : cursorAt(list, placeOf(end)) };
}

export const cursorAt = (list: string, place: Place): string =>
  Buffer.from(JSON.stringify([list, place])).toString('base64url');

const pair = z.tuple([z.string(), z.union([z.string(), z.number()])]);

/** The place of a cursor. @throws RequestError REQUEST_INVALID unless it is one of this list */
export function readCursor(list: string, cursor: string): Place {
  const { data } = pair.safeParse(decoded(cursor));
  if (data?.[0] === list) return data[1];
  throw new RequestError('REQUEST_INVALID', '"cursor" must be the "next" of the previous page.', { cursor });
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
