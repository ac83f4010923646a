import { z } from '@hono/zod-openapi';
import { wholeNumber } from './params.ts';

/** Items on a page of most lists. */
export const MOST_A_PAGE = 1_000;

/** A cursor can have the key of a partition: 8 values of 256 characters, of up to 4 bytes, in base64. */
const CURSOR_LENGTH = 12_000;

/** The parameters of a list that is answered in pages. `usual`: items on a page without `limit`. */
export const pageQuery = (most: number = MOST_A_PAGE, usual: number = most) => ({
  limit: wholeNumber('limit', most)
    .default(usual)
    .openapi({ type: 'integer', default: usual, description: 'items on a page' }),
  cursor: z.string().max(CURSOR_LENGTH, '"cursor" is too long.').optional().openapi({
    description: '`next` of the previous page, of the same list with the same filters',
  }),
});

export const next = z
  .string()
  .nullable()
  .openapi({ description: 'pass it as `cursor` to get the next page; null on the last page' });
