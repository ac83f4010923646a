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
      .openapi({ description: 'the property of events that the calculation reads; null: it counts events' }),
    calc: z
      .string()
      .nullable()
      .openapi({ description: 'the calculation; null: the rule compares none with numbers', example: 'avg' }),
    text: z
      .string()
      .nullable()
      .openapi({ description: 'the calculation in words; null: as `calc`', example: 'avg(celsius, 5m)' }),
    thresholds: z.array(
      z.object({
        word: z.string().openapi({ description: 'the comparison', example: 'gt' }),
        value: z.number(),
        severity: z.enum(SEVERITIES),
      }),
    ),
    from: time,
    to: time,
    points: z
      .array(
        z.object({
          at: time.openapi({ description: "the rule's clock; of `latest`, the event time of the value" }),
          value: z.number().nullable(),
        }),
      )
      .openapi({
        description: `by time: after each event, and between them; a value of null is none, or unknown. Of more than ${MOST_POINTS}, the least and the greatest of neighbours`,
      }),
    isWhole: z.boolean().openapi({ description: 'false: some values of this time have not been read' }),
  })
  .openapi('AlertValues');
