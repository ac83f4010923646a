import { analyseRule } from '../../../../../src/core/language/analysis/analysis.ts';
import { parseRule } from '../../../../../src/core/language/parse/parse-rule.ts';

export const latest = (comparison: object, property = 't') => ({ calc: 'latest', property, ...comparison });
export const base = { id: 'r', clientId: 'c', where: [{ property: 'type', equals: 'status' }], partitionBy: ['m'] };
export const any = (having: object, more: object = {}) => ({ evaluate: { type: 'any', having }, ...more });
export const each = (having: object, more: object = {}) => ({ evaluate: { type: 'each', having }, ...more });
export const levelled = (evaluate: object, ...levels: [severity: string, having: object][]) => ({
  evaluate: { ...evaluate, levels: levels.map(([severity, having]) => ({ severity, having })) },
});
export const step = (state: string, more: object = {}) => ({ where: [{ property: 'state', equals: state }], ...more });
export const not = (state: string, within: string) => ({ not: step(state), within });
export const sequence = (steps: object[], more: object = {}) => ({ evaluate: { type: 'sequence', steps }, ...more });

/** What the analysis says of a rule with these fields. */
export const warnings = (rule: object): string[] =>
  analyseRule(parseRule({ ...base, ...rule })).map(({ path, message }) => `${path}: ${message}`);

export const NO_EFFECT = 'clear: has no effect: it holds whenever the condition does not';
export const REVERSED = 'clear: is probably reversed: it holds whenever the condition does';
