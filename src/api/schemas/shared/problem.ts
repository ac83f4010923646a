import { z } from '@hono/zod-openapi';

/** RFC 9457, with the code and the fields of vigil. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ description: 'name of the kind of problem', example: 'urn:vigil:error:RULE_NOT_FOUND' }),
    title: z
      .string()
      .openapi({ description: 'what is wrong; the same for each code', example: 'The rule does not exist.' }),
    status: z.int().openapi({ description: 'the HTTP status', example: 404 }),
    detail: z.string().openapi({ description: 'what is wrong with this request, and what to do' }),
    code: z.string().openapi({ description: 'stable code, the last part of type', example: 'RULE_NOT_FOUND' }),
    fields: z.record(z.string(), z.unknown()).openapi({ description: 'facts for programs; they depend on the code' }),
  })
  .openapi('Problem');

export type Problem = z.infer<typeof problemSchema>;

/** Why one of many could not be done. */
export const itemProblem = z.object({ code: z.string(), message: z.string() });
