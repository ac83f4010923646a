import { subjectOf } from './condition-nodes.ts';
import type { Issue } from './explain-issue.ts';
import type { Node } from './node.ts';
import { possible } from './possible-values.ts';
import type { Rule } from '../model/rule-schema.ts';

/** A sequence that can never complete, and a `for` that it can never reach. */
export function inSequence({ evaluate, for: lasting, where }: Rule): Issue[] {
  if (evaluate.type !== 'sequence') return [];
  const { steps } = evaluate;
  const endsWithEvent = steps.slice(-1).some((step) => 'where' in step);
  const never = {
    path: 'for',
    message: 'can never be reached: the last step is an event, so the condition ends immediately',
  };
  const unmatched = steps.flatMap((step, index) => {
    const wanted = 'not' in step ? step.not.where : step.where;
    const excluded = wanted.map(subjectOf).find((subject) => subject !== undefined && excludes(where, wanted, subject));
    return excluded === undefined
      ? []
      : [
          {
            path: `evaluate.steps[${index}]`,
            message: `can never match: where excludes every ${excluded} that this step accepts`,
          },
        ];
  });
  return [...unmatched, ...(endsWithEvent && lasting !== undefined ? [never] : [])];
}

/** Whether two lists of predicates, each possible by itself, exclude each other on one property. */
function excludes(first: readonly Node[], second: readonly Node[], subject: string): boolean {
  const [mine, others] = [first, second].map((nodes) => nodes.filter((node) => subjectOf(node) === subject)) as [
    Node[],
    Node[],
  ];
  return possible(mine) && possible(others) && !possible([...mine, ...others]);
}
