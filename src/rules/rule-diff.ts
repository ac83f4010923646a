import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { parseJson } from '../core/primitives/text/parse-json.ts';
import { writeForOthers } from '../core/primitives/text/write-json.ts';

/** A unified diff of two versions of a rule as YAML; empty if they are the same. Undefined: there is no such version. */
export function ruleDiff(
  before: Rule | undefined,
  after: Rule | undefined,
  names = { before: addressOf('stored', before), after: addressOf('new', after) },
): string {
  const [old, next] = [textOf(before), textOf(after)];
  if (old === next) return '';
  const nameOf = (rule: Rule | undefined, name: string): string => (rule === undefined ? '/dev/null' : name);
  return createTwoFilesPatch(nameOf(before, names.before), nameOf(after, names.after), old, next);
}

/** Whether two rules say the same, in whatever order. */
export const isSameRule = (a: Rule, b: Rule): boolean => textOf(a) === textOf(b);

const addressOf = (where: string, rule: Rule | undefined): string => `${where}/${rule?.clientId}/${rule?.id}`;

/** Words are sorted, as their order means nothing. */
const textOf = (rule: Rule | undefined): string =>
  rule === undefined ? '' : stringify(parseJson(writeForOthers(rule)), { sortMapEntries: true });
