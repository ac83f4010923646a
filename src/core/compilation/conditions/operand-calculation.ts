import type { Calculation } from '../../model/rule/condition-schema.ts';
import type { PartitionOperand } from '../../model/rule/operand-words.ts';
import { operandsIn } from './operand.ts';

/** The calculation of an operand's value, without a comparison. `as` and `default` are the operand's own. */
export function calculationOf(operand: PartitionOperand): Calculation {
  if ('latest' in operand) {
    const { latest: property, as } = operand;
    return { calc: 'latest', property, ...(as !== undefined && { as }) };
  }
  const { default: _default, times: _times, plus: _plus, ...calculation } = operand;
  return calculation as Calculation;
}

/** The operands of a leaf; each is one object of its rule. */
export const operandsOf = (node: Calculation): PartitionOperand[] => operandsIn(node) as PartitionOperand[];
