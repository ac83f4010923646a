import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { parseJson } from '../core/primitives/text/parse-json.ts';
import { writeForOthers } from '../core/primitives/text/write-json.ts';

/** A unified diff of two versions of a rule as YAML; empty if they are the same. Undefined: there is no such version. */
export function ruleDiff(before: Rule | undefined, after: Rule | undefined): string {
  const [old, next] = [textOf(before), textOf(after)];
  return old === next ? '' : createTwoFilesPatch(nameOf('stored', before), nameOf('new', after), old, next);
}

const nameOf = (where: string, rule: Rule | undefined): string =>
  rule === undefined ? '/dev/null' : `${where}/${rule.clientId}/${rule.id}`;

/** Words are sorted, as their order means nothing. */
const textOf = (rule: Rule | undefined): string =>
  rule === undefined ? '' : stringify(parseJson(writeForOthers(rule)), { sortMapEntries: true });
