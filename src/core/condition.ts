import type { CompiledCondition } from './compile.ts';
import type { LeafAnswer } from './leaf.ts';

/** Whether a condition holds, given the answers of its leaves. */
export function holds(condition: CompiledCondition, answers: readonly Pick<LeafAnswer, 'holds'>[]): boolean {
  switch (condition.kind) {
    case 'leaf':
      return answers[condition.leaf]?.holds === true;
    case 'all':
      return condition.parts.every((part) => holds(part, answers));
    case 'any':
      return condition.parts.some((part) => holds(part, answers));
    case 'not':
      return !holds(condition.part, answers);
  }
}
