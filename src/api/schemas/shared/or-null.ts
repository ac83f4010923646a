import { z } from '@hono/zod-openapi';

/** Not nullable(), which would make the component itself nullable in the document. */
export const orNull = <Each extends z.ZodType>(each: Each) => z.union([each, z.null()]);
