import type { CompiledCondition } from './compile-rule.ts';

/** Whether a condition holds, given the results of its leaves by their places. */
export function holds(condition: CompiledCondition, answers: readonly boolean[]): boolean {
  switch (condition.kind) {
    case 'leaf':
      return answers[condition.leaf] === true;
    case 'all':
      return condition.parts.every((part) => holds(part, answers));
    case 'any':
      return condition.parts.some((part) => holds(part, answers));
    case 'not':
      return !holds(condition.part, answers);
  }
}
