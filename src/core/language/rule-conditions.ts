import { conditionsOf, isMeasuring } from '../model/rule/measuring.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import type { Node } from './node.ts';

/** A condition, and where it is in the rule. */
export type PlacedNode = [path: string, node: Node];

/** What begins the alerts of a rule. Where values are put together, their calculation. */
export function havingsOf({ evaluate }: Pick<Rule, 'evaluate'>): PlacedNode[] {
  if (isMeasuring(evaluate)) return [['evaluate.of', evaluate.of]];
  const { having, levels = [] } = conditionsOf(evaluate);
  const all: PlacedNode[] = having === undefined ? [] : [['evaluate.having', having]];
  return [...all, ...levels.map((level, index): PlacedNode => [`evaluate.levels[${index}].having`, level.having])];
}

/** What ends them: `clear`, of the rule and of levels. */
export function clearsOf({ evaluate, clear }: Pick<Rule, 'evaluate' | 'clear'>): PlacedNode[] {
  const { levels = [] } = conditionsOf(evaluate);
  const ofLevels = levels.flatMap((level, index): PlacedNode[] =>
    level.clear === undefined ? [] : [[`evaluate.levels[${index}].clear`, level.clear]],
  );
  return [...ofLevels, ...(clear === undefined ? [] : [['clear', clear] satisfies PlacedNode])];
}
