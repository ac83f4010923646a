import type { CompiledCondition } from './compile.ts';
import type { PartitionState } from './state.ts';

/** Whether a partition satisfies. A slot without a value is `undefined` to its comparison: false for all but `exists: false`. */
export function satisfies(condition: CompiledCondition, partition: PartitionState): boolean {
  switch (condition.kind) {
    case 'leaf':
      return condition.test(partition.calcs[condition.slot]?.value);
    case 'all':
      return condition.parts.every((part) => satisfies(part, partition));
    case 'any':
      return condition.parts.some((part) => satisfies(part, partition));
    case 'not':
      return !satisfies(condition.part, partition);
  }
}
