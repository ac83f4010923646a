import { errorText, RequestFailed } from '../../../server/send.ts';
import { pathOf, rangeOf, readYaml, type Range } from '../yaml/yaml-text.ts';

/** A problem of the rule, and where it is in the text. */
export interface Issue extends Range {
  /** From 1. */
  line: number;
  /** `where[0].equals`; empty for a problem of the whole rule, or of the YAML. */
  path: string;
  message: string;
}

interface Found {
  path: string;
  message: string;
}

/** What the text says about the rule's address, and why it is no YAML. */
export interface Reading {
  issues: Issue[];
  clientId: string | null;
  id: string | null;
}

/** Reads the text as far as the browser can: the API checks the rule. */
export function readText(text: string): Reading {
  try {
    const document = readYaml(text);
    const { errors, contents } = document;
    if (errors.length > 0)
      return broken(errors.map(({ message, pos: [from, to] }) => at(text, { from, to }, '', inWords(message))));
    const rule: unknown = contents === null ? {} : document.toJS();
    if (typeof rule !== 'object' || rule === null || Array.isArray(rule))
      return broken([at(text, { from: 0, to: 0 }, '', 'A rule has keys, such as id: and where:')]);
    const { id, clientId } = rule as Record<string, unknown>;
    return { issues: [], id: asText(id), clientId: asText(clientId) };
  } catch (error) {
    return broken([at(text, { from: 0, to: 0 }, '', inWords(errorText(error)))]);
  }
}

/** What the YAML library says, for people who do not know its words. */
const IN_WORDS: readonly [begin: string, words: string][] = [
  ['Maximum call stack', 'It is nested too deeply.'],
  ['Implicit map keys need', 'A word needs a colon and a value: word: value'],
  ['Implicit keys need', 'A word needs a colon and a value: word: value'],
];
const inWords = (message: string): string => IN_WORDS.find(([begin]) => message.startsWith(begin))?.[1] ?? message;
const broken = (issues: Issue[]): Reading => ({ issues, id: null, clientId: null });
const asText = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The problems that the API has found, at their places in the text that it has checked. */
export function placed(text: string, found: readonly Found[]): Issue[] {
  const document = readYaml(text);
  return found.map(({ path, message }) => at(text, rangeOf(document, pathOf(path)), path, message));
}

function at(text: string, { from, to }: Range, path: string, message: string): Issue {
  const start = Math.min(from, text.length);
  const line = text.slice(0, start).split('\n').length;
  return { line, path, message, from: start, to: Math.min(Math.max(start, to), text.length) };
}

/** The problems in an answer of the API; null if it is about something else. */
export function foundIn(error: unknown): Found[] | null {
  if (!(error instanceof RequestFailed)) return null;
  const { code, fields, message } = error;
  if (code === 'RULE_ID_MISMATCH') return [{ path: String(fields['property']), message }];
  return code === 'RULE_INVALID' ? (fields['issues'] as Found[]) : null;
}
