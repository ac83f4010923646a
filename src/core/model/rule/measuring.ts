import type { Condition } from './condition-schema.ts';
import { MEASURES } from './measure-words.ts';
import type { Evaluation } from './rule-schema.ts';
import type { Severity } from '../alert/severity.ts';

/* Kinds of `evaluate`, without the schema library, which workflows do not load. */

export type Measuring = Extract<Evaluation, { type: (typeof MEASURES)[number] }>;

export const isMeasuring = (evaluate: Evaluation): evaluate is Measuring =>
  (MEASURES as readonly string[]).includes(evaluate.type);

/** The conditions that partitions satisfy; none for a sequence, and where values are put together. */
export function conditionsOf(evaluate: Evaluation): {
  having?: Condition | undefined;
  levels?: { severity: Severity; having: Condition; clear?: Condition | undefined }[] | undefined;
} {
  return evaluate.type === 'sequence' || isMeasuring(evaluate) ? {} : evaluate;
}
