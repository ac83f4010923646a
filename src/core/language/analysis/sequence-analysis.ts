import { implies, subjectOf } from './condition-nodes.ts';
import type { Issue } from '../parse/explain-issue.ts';
import type { Node } from '../node.ts';
import { possible } from './possible-values.ts';
import type { Evaluation, Rule, SequenceStep } from '../../model/rule/rule-schema.ts';
import { parseDuration } from '../../primitives/text/duration.ts';

type Sequence = Extract<Evaluation, { type: 'sequence' }>;

/** A sequence that can never complete, and words that have no effect in it. */
export function inSequence({ evaluate, for: lasting, where }: Rule): Issue[] {
  if (evaluate.type !== 'sequence') return [];
  const endsWithEvent = evaluate.steps.slice(-1).some((step) => 'where' in step);
  const never = {
    path: 'for',
    message: 'can never be reached: the last step is an event, so the condition ends immediately',
  };
  return [
    ...evaluate.steps.flatMap((step, index) => inStep(where, step, `evaluate.steps[${index}]`)),
    ...inWithin(evaluate),
    ...(endsWithEvent && lasting !== undefined ? [never] : []),
  ];
}

function inStep(where: readonly Node[], step: SequenceStep, path: string): Issue[] {
  const wanted = 'not' in step ? step.not.where : step.where;
  const unwanted = step.unless?.where ?? [];
  const excluded = excludedSubject(where, wanted);
  if (excluded !== undefined)
    return [{ path, message: `can never match: where excludes every ${excluded} that this step accepts` }];
  const unseen = excludedSubject(where, unwanted);
  if (unseen !== undefined)
    return [{ path: `${path}.unless`, message: `has no effect: where excludes every ${unseen} that unless accepts` }];
  if (unwanted.length === 0 || !unwanted.every((each) => wanted.some((node) => implies(node, each)))) return [];
  return 'not' in step
    ? [{ path: `${path}.not`, message: 'has no effect: every event that matches it also matches unless' }]
    : [{ path, message: 'can never match: every event that matches this step also matches its unless' }];
}

/** What the time limit of the whole sequence makes pointless. */
function inWithin({ steps, within }: Sequence): Issue[] {
  if (within === undefined) return [];
  const events = steps.reduce((count, step) => count + ('not' in step ? 0 : (step.times ?? 1)), 0);
  if (events === 1)
    return [
      {
        path: 'evaluate.within',
        message: 'has no effect: it limits the time between the first event and the last one, and there is only one',
      },
    ];
  const wholeMs = milliseconds(within);
  const lastEvent = steps.findLastIndex((step) => 'where' in step);
  const notsMs = steps
    .slice(0, lastEvent)
    .reduce((sum, step) => sum + ('not' in step ? milliseconds(step.within) : 0), 0);
  if (notsMs > wholeMs)
    return [
      {
        path: 'evaluate.within',
        message: `can never be met: the not steps before the last event take longer than ${within}`,
      },
    ];
  return steps.flatMap((step, index) =>
    'not' in step || step.within === undefined || milliseconds(step.within) <= wholeMs
      ? []
      : [
          {
            path: `evaluate.steps[${index}].within`,
            message: `has no effect: within of the whole sequence (${within}) is shorter`,
          },
        ],
  );
}

const milliseconds = (text: string): number => parseDuration(text) ?? 0;

/** The one property of which the first list excludes every value that the second accepts. */
const excludedSubject = (where: readonly Node[], wanted: readonly Node[]): string | undefined =>
  wanted.map(subjectOf).find((subject) => subject !== undefined && excludes(where, wanted, subject));

/** Whether two lists of predicates, each possible by itself, exclude each other on one property. */
function excludes(first: readonly Node[], second: readonly Node[], subject: string): boolean {
  const [mine, others] = [first, second].map((nodes) => nodes.filter((node) => subjectOf(node) === subject)) as [
    Node[],
    Node[],
  ];
  return possible(mine) && possible(others) && !possible([...mine, ...others]);
}
