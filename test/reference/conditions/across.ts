import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { Severity } from '../../../src/core/model/alert/severity.ts';
import { compares } from '../compare.ts';
import { isLive, type Partition } from '../partition.ts';
import type { Answer } from './condition.ts';

/**
 * What live partitions say together: "Across partitions" of docs/semantics.md.
 * @param expected those of `expect`, live or not
 */
export function answerAcross(
  { evaluate }: Rule,
  severity: Severity,
  live: readonly Partition[],
  expected: readonly Partition[],
): Answer {
  const counted = evaluate.type === 'percent' && evaluate.of === 'expected' ? expected : live;
  if (counted.length === 0 && evaluate.type !== 'count') return 'no';
  const answers = counted.map((partition) => partition.satisfies.get(severity) ?? 'no');
  const sure = answers.filter((answer) => answer === 'yes').length;
  const unsure = answers.filter((answer) => answer === 'unknown').length;
  // Each partition that is unknown may satisfy or not: what would be said then?
  const said = Array.from({ length: unsure + 1 }, (_, more) =>
    wouldHold(evaluate, sure + more, counted.length, expected),
  );
  return said.every((each) => each === said[0]) ? (said[0] ? 'yes' : 'no') : 'unknown';
}

function wouldHold(
  evaluate: Rule['evaluate'],
  satisfying: number,
  counted: number,
  expected: readonly Partition[],
): boolean {
  switch (evaluate.type) {
    case 'count':
      return compares(evaluate, satisfying);
    case 'all':
      return satisfying === counted && expected.every(isLive);
    case 'any':
      return satisfying > 0;
    case 'none':
      return satisfying === 0;
    case 'percent':
      return compares(evaluate, (100 * satisfying) / counted);
    default:
      throw new Error(`${evaluate.type} is not across partitions`);
  }
}
