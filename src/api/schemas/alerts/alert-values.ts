import { z } from '@hono/zod-openapi';
import { SEVERITIES } from '../../../core/model/alert/severity.ts';

const time = z.iso.datetime();

/** At most so many values in an answer. */
export const MOST_POINTS = 500;

export const alertValues = z
  .object({
    property: z
      .string()
      .nullable()
      .openapi({ description: 'the property of events that the rule compares with numbers; null: it has none' }),
    calc: z.string().nullable().openapi({ description: 'what the rule calculates of it', example: 'latest' }),
    thresholds: z.array(
      z.object({
        word: z.string().openapi({ description: 'the comparison', example: 'gt' }),
        value: z.number(),
        severity: z.enum(SEVERITIES),
      }),
    ),
    from: time,
    to: time,
    points: z.array(z.object({ at: time.openapi({ description: 'event time' }), value: z.number() })).openapi({
      description: `by time; of more than ${MOST_POINTS}, the least and the greatest of neighbours`,
    }),
    isWhole: z.boolean().openapi({ description: 'false: some values of this time have not been read' }),
  })
  .openapi('AlertValues');
