import { z } from 'zod';
import { LIMITS } from '../../primitives/limits.ts';
import { hasEvery, isPath, pathProblem } from '../../primitives/path.ts';

const DESCRIPTION =
  'a property of the event: names joined by dots, such as data.motor.temp; in brackets an element of a list, readings[0].value, or a name with dots or other signs, attributes["http.status_code"]';

/** A path that may have `[*]`. */
export const manyPath = z
  .string()
  .max(LIMITS.pathLength)
  .refine(isPath, {
    error: ({ input }) => `must be names joined by dots, such as data.motor.temp: ${pathProblem(String(input))}`,
  })
  .describe(
    `${DESCRIPTION}; in where and latest also every element of a list, tags[*].name: any element that satisfies is enough`,
  );

export const path = manyPath
  .refine((text) => !hasEvery(text), {
    error: ({ input }) =>
      `must be one value, but ${String(input)} stands for every element of a list, which only where and latest compare: name one, such as ${String(input).replaceAll('[*]', '[0]')}`,
  })
  .describe(DESCRIPTION);
