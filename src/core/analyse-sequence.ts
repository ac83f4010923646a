import { subjectOf } from './condition-nodes.ts';
import type { RuleIssue } from './parse-rule.ts';
import { possible, type Node } from './possible-values.ts';
import type { Rule } from './rule-schema.ts';

/** Words of a sequence that have nothing to act on. */
export function inSequence({ evaluate, for: lasting, where }: Rule): RuleIssue[] {
  if (evaluate.type !== 'sequence') return [];
  const { steps } = evaluate;
  const [first, last] = [steps[0], steps.at(-1)];
  const issues: RuleIssue[] = [];
  if (first !== undefined && !('not' in first) && first.within !== undefined) {
    issues.push({ path: 'evaluate.steps[0].within', message: 'has no effect: there is no step before the first' });
  }
  if (last !== undefined && !('not' in last) && lasting !== undefined) {
    issues.push({ path: 'for', message: 'can never be reached: the last step is an event, and the condition ends with it at once' });
  }
  steps.forEach((step, index) => {
    const wanted = 'not' in step ? step.not.where : step.where;
    const excluded = wanted.map(subjectOf).find((subject) => subject !== undefined && excludes(where, wanted, subject));
    if (excluded !== undefined) issues.push({ path: `evaluate.steps[${index}]`, message: `no event can match it: where leaves no ${excluded} that it takes` });
  });
  return issues;
}

/** Whether two lists of predicates, each possible by itself, exclude each other by what they say of one property. */
function excludes(first: readonly Node[], second: readonly Node[], subject: string): boolean {
  const [mine, others] = [first, second].map((nodes) => nodes.filter((node) => subjectOf(node) === subject)) as [Node[], Node[]];
  return possible(mine) && possible(others) && !possible([...mine, ...others]);
}
