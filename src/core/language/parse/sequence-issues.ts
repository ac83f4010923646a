import type { Evaluation } from '../../model/rule/rule-schema.ts';
import type { Issue } from './explain-issue.ts';

type Sequence = Extract<Evaluation, { type: 'sequence' }>;

/** Words of a sequence in places where they have no meaning. */
export function sequenceIssues({ steps }: Sequence): Issue[] {
  const [first] = steps;
  if (first === undefined || !('where' in first))
    return [{ path: 'evaluate.steps[0]', message: 'must be an event: a sequence cannot start with not' }];
  return [
    ...issueIf(
      first.within !== undefined && (first.times ?? 1) === 1,
      0,
      'within',
      'the first step has no previous step',
    ),
    ...issueIf(
      first.unless !== undefined,
      0,
      'unless',
      'no match waits for the first step: put unless on a later step, or exclude the event in where',
    ),
    ...issueIf(
      first.strict === true,
      0,
      'strict',
      'the first step has no previous step: put strict on the step that must come directly after it',
    ),
    ...steps.flatMap((step, index) => {
      const before = steps[index - 1];
      return issueIf(
        'where' in step && step.strict === true && before !== undefined && 'not' in before,
        index,
        'strict',
        'it follows a not, which other events may pass: use unless for the events that must end the match',
      );
    }),
  ];
}

const issueIf = (isWrong: boolean, step: number, word: string, reason: string): Issue[] =>
  isWrong ? [{ path: `evaluate.steps[${step}].${word}`, message: `is not allowed: ${reason}` }] : [];
