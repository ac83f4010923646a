import type { z } from 'zod';
import { nearestWord } from '../../primitives/text/nearest-word.ts';

/** One problem of a rule or another file: its path (`evaluate.having.equals`), and what would be valid. */
export interface Issue {
  path: string;
  message: string;
}

/**
 * Describes an issue of a Zod schema in the words of the file. Parse with `reportInput: true`: an issue without an
 * input is a missing field.
 * @param words the fields that a writer may have meant by an unknown one
 */
export function explainIssue(
  issue: z.core.$ZodIssue,
  words: readonly string[],
  base: readonly PropertyKey[] = [],
): Issue[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText([...path, key]),
        message: words.includes(key) ? 'is not allowed here' : `is not a known field${suggestion(key, words)}`,
      }));
    case 'invalid_union':
      return explainUnion(issue, words, path);
    case 'invalid_key':
      return issue.issues.map((nested) => ({ path: pathText(path), message: `the key ${messageOf(nested)}` }));
    default:
      return [{ path: pathText(path), message: messageOf(issue) }];
  }
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function explainUnion(issue: z.core.$ZodIssueInvalidUnion, words: readonly string[], path: PropertyKey[]): Issue[] {
  const [discriminator] = issue.path.slice(-1);
  if ('options' in issue && issue.errors.length === 0) {
    const given = (issue.input as Record<PropertyKey, unknown> | undefined)?.[discriminator ?? ''];
    return [{ path: pathText(path), message: missingOr(given, oneOf(issue.options)) }];
  }
  const types = issue.errors.map(typesAtTop);
  const ofType = issue.errors.filter((_branch, index) => types[index]?.length === 0);
  if (ofType.length === 0) {
    const names = [...new Set(types.flat())];
    // Beside other types, an object is only another form of the value.
    const simple = names.length > 1 ? names.filter((name) => name !== 'object') : names;
    return [{ path: pathText(path), message: missingOr(issue.input, `must be ${listOf(simple.map(named))}`) }];
  }
  const meant = closest(ofType);
  if (issue.message !== ZODS_UNION && meant.every(isMissingChoice))
    return [{ path: pathText(path), message: issue.message }];
  return meant.flatMap((nested) => explainIssue(nested, words, path));
}

const ZODS_UNION = 'Invalid input';

/** The word is missing that says which form is meant. */
const isMissingChoice = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_union' && issue.errors.length === 0 && issue.path.length === 1;

/** The word is not there at all: another form may be meant, whose own word is there. */
const lacksChoice = (issue: z.core.$ZodIssue): boolean =>
  isMissingChoice(issue) &&
  (issue.input as Record<PropertyKey, unknown> | undefined)?.[issue.path[0] ?? ''] === undefined;

/** The types that a branch expects, if the value is not even of one of them. */
function typesAtTop(branch: z.core.$ZodIssue[]): string[] {
  const [issue, ...others] = branch;
  if (issue === undefined || others.length > 0 || issue.path.length > 0) return [];
  if (issue.code === 'invalid_type') return [issue.expected];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [];
  const types = issue.errors.map(typesAtTop);
  return types.every((each) => each.length > 0) ? types.flat() : [];
}

/** The branch of a union that the writer most likely meant: the one with the fewest problems at its top level. */
function closest(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  const weightOf = (issue: z.core.$ZodIssue): number => {
    if (issue.code === 'unrecognized_keys') return issue.keys.length * 4;
    if (lacksChoice(issue)) return 2;
    return issue.path.length <= 1 && issue.code === 'invalid_type' ? 3 : 1;
  };
  // However many problems are further inside, they do not make a branch less likely than one whose word is missing.
  const score = (issues: z.core.$ZodIssue[]): number => {
    const [inside, atTop] = [
      issues.filter(({ path }) => path.length > 1),
      issues.filter(({ path }) => path.length <= 1),
    ];
    return Math.min(1, inside.length) + atTop.reduce((sum, issue) => sum + weightOf(issue), 0);
  };
  return branches.reduce((best, branch) => (score(branch) < score(best) ? branch : best));
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return missingOr(issue.input, `must be ${named(issue.expected)}`);
    case 'invalid_value':
      return missingOr(issue.input, oneOf(issue.values));
    case 'too_big':
      return `must ${amount(issue.origin, 'at most', issue.maximum)}`;
    case 'too_small':
      // A check with its own advice keeps it.
      return issue.message.startsWith(ZODS_TOO_SMALL)
        ? `must ${amount(issue.origin, 'at least', issue.minimum)}`
        : issue.message;
    default:
      return issue.message;
  }
}

const missingOr = (input: unknown, must: string): string => (input === undefined ? `is missing; it ${must}` : must);
const oneOf = (values: readonly unknown[]): string => `must be one of ${values.map(String).join(', ')}`;

const ZODS_TOO_SMALL = 'Too small:';
const UNITS: Readonly<Record<string, [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

function amount(origin: string, bound: 'at most' | 'at least', count: number | bigint): string {
  const [one, many] = UNITS[origin] ?? [];
  if (one === undefined || many === undefined) return `be ${bound} ${count}`;
  return `have ${bound} ${count} ${Number(count) === 1 ? one : many}`;
}

const NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  record: 'an object',
};
const named = (type: string): string => NAMES[type] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;

function suggestion(key: string, words: readonly string[]): string {
  const word = nearestWord(key, words);
  return word === undefined ? '' : `; did you mean "${word}"?`;
}
