import { every, not, some, type Truth } from '../../primitives/truth.ts';

export type CompiledCondition =
  | { kind: 'leaf'; leaf: number }
  | { kind: 'all' | 'any'; parts: CompiledCondition[] }
  | { kind: 'not'; part: CompiledCondition };

/** Whether a condition holds, given the results of its leaves by their places. */
export function holds(condition: CompiledCondition, answers: readonly Truth[]): Truth {
  switch (condition.kind) {
    case 'leaf':
      return answers[condition.leaf];
    case 'all':
      return every(condition.parts, (part) => holds(part, answers));
    case 'any':
      return some(condition.parts, (part) => holds(part, answers));
    case 'not':
      return not(holds(condition.part, answers));
  }
}
