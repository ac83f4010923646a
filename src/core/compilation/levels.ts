import type { Condition } from '../model/rule/condition-schema.ts';
import { isMeasuring } from '../model/rule/measuring.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import { SEVERITY_ORDER, type Severity } from '../model/alert/severity.ts';
import { parseDuration } from '../primitives/text/duration.ts';
import { compileCondition, type Parts } from './conditions/compile-condition.ts';
import type { CompiledCondition } from './conditions/condition.ts';

/** A severity, and what must hold for it. A rule without `levels` has one. */
export interface Level {
  severity: Severity;
  condition: CompiledCondition;
  clear: CompiledCondition | null;
  forMs: number;
  keepFiringForMs: number;
}

export function compileLevels(rule: Rule, parts: Parts): Level[] {
  const levels = levelsOf(rule);
  const conditions = levels.map(({ having }) => (having === undefined ? NEVER : compileCondition(having, parts)));
  const ofAll = rule.clear === undefined ? null : compileCondition(rule.clear, parts);
  return levels.map((level, place) => ({
    severity: level.severity,
    condition: conditions[place] ?? NEVER,
    clear: level.clear === undefined ? ofAll : compileCondition(level.clear, parts),
    forMs: msOf(level.for ?? rule.for),
    keepFiringForMs: msOf(level.keepFiringFor ?? rule.keepFiringFor),
  }));
}

/** Where values are put together, no partition satisfies anything. */
const NEVER: CompiledCondition = { kind: 'any', parts: [] };

/** From the least to the most severe; none for a sequence. */
export function levelsOf({ evaluate, severity = 'warning' }: Rule): RuleLevel[] {
  if (evaluate.type === 'sequence') return [];
  const levels: readonly RuleLevel[] | undefined = evaluate.levels;
  if (levels === undefined) return [isMeasuring(evaluate) ? { severity } : { severity, having: evaluate.having }];
  return [...levels].sort((a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity]);
}

interface RuleLevel {
  severity: Severity;
  having?: Condition | undefined;
  clear?: Condition | undefined;
  for?: string | undefined;
  keepFiringFor?: string | undefined;
}

export const msOf = (text: string | undefined): number => parseDuration(text ?? '0s') ?? 0;

/** Whether a level has a `for` or `keepFiringFor` of its own: then each level counts by itself. */
export const hasOwnTimes = (rule: Rule): boolean =>
  levelsOf(rule).some((level) => level.for !== undefined || level.keepFiringFor !== undefined);
