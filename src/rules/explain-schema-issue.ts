import type { z } from 'zod';
import { nearestWord } from '../core/primitives/nearest-word.ts';
import { pathText, type RuleIssue } from '../core/language/parse-rule.ts';

/** Describes a schema issue in terms of the file; for an unknown field, suggests the nearest of `words`. */
export function explainSchemaIssue(issue: z.core.$ZodIssue, words: readonly string[]): RuleIssue[] {
  const path = pathText(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText([...issue.path, key]),
        message: `is not a known field${suggestion(key, words)}`,
      }));
    case 'invalid_value':
      return [
        { path, message: issue.input === undefined ? `is missing; ${oneOf(issue.values)}` : oneOf(issue.values) },
      ];
    case 'invalid_type':
      return [
        {
          path,
          message:
            issue.input === undefined
              ? `is missing; it must be ${named(issue.expected)}`
              : `must be ${named(issue.expected)}`,
        },
      ];
    case 'invalid_union':
      return [{ path, message: 'must be a string, a number, true or false' }];
    default:
      return [{ path, message: issue.message }];
  }
}

const oneOf = (values: readonly unknown[]): string => `must be one of ${values.map(String).join(', ')}`;

const NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  string: 'a string',
  record: 'an object',
  int: 'a whole number',
};
const named = (type: string): string => NAMES[type] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

function suggestion(key: string, words: readonly string[]): string {
  const word = nearestWord(key, words);
  return word === undefined ? '' : `; did you mean "${word}"?`;
}
