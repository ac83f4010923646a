import { readFile } from 'node:fs/promises';
import { isCollection, LineCounter, parseAllDocuments, type Document } from 'yaml';
import { withWholeNumbers } from '../core/primitives/text/yaml-tags.ts';
import { writeJson } from '../core/primitives/text/write-json.ts';
import { VigilError } from '../core/primitives/errors.ts';

/** A document of a YAML or JSON file, or an entry of it if it is a list. */
export interface YamlEntry {
  file: string;
  value: unknown;
  /** The line, from 1, of a path such as `where[0].equals`, or of the nearest node around it. */
  lineOf: (path: string) => number;
}

/** One problem of a file: its location, and what would be valid. */
export interface FileIssue {
  file: string;
  /** From 1; null for a problem of the whole file. */
  line: number | null;
  /** `where[0].equals`; empty for a whole entry. */
  path: string;
  message: string;
}

export const aboutFile = (file: string, message: string): FileIssue => ({ file, line: null, path: '', message });

/** `rules/hot.yaml:5: where[0].equals: must be a string` */
export function issueText({ file, line, path, message }: FileIssue): string {
  return `${line === null ? file : `${file}:${line}`}: ${path === '' ? '' : `${path}: `}${message}`;
}

export interface YamlRead {
  entries: YamlEntry[];
  issues: FileIssue[];
}

/**
 * Reads all entries of a file. A document that is not valid YAML becomes an issue.
 * @throws VigilError FILE_UNREADABLE
 */
export async function readYaml(file: string): Promise<YamlRead> {
  const text = await readText(file);
  const lines = new LineCounter();
  let documents: Document.Parsed[];
  try {
    documents = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      customTags: withWholeNumbers,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { entries: [], issues: [aboutFile(file, 'is nested too deeply')] };
  }
  const read = documents.map((document) => entriesOf(document, lines, file));
  return { entries: read.flatMap(({ entries }) => entries), issues: read.flatMap(({ issues }) => issues) };
}

/** Like `readYaml`, but an unreadable or empty file becomes an issue too. */
export async function readYamlOrIssue(file: string): Promise<YamlRead> {
  try {
    const read = await readYaml(file);
    return read.entries.length + read.issues.length > 0 ? read : { entries: [], issues: [aboutFile(file, 'is empty')] };
  } catch (error) {
    if (!(error instanceof VigilError)) throw error;
    return { entries: [], issues: [aboutFile(file, `cannot be read: ${reasonOf(error.cause)}`)] };
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new VigilError('FILE_UNREADABLE', `${file}: ${reasonOf(error)}.`, { file }, { cause: error });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function entriesOf(document: Document.Parsed, lines: LineCounter, file: string): YamlRead {
  const broken = (line: number, reason: string): FileIssue => ({
    file,
    line,
    path: '',
    message: `is not valid YAML or JSON: ${reason}`,
  });
  if (document.errors.length > 0) {
    return {
      entries: [],
      issues: document.errors.map(({ pos, message }) => broken(lines.linePos(pos[0]).line, message)),
    };
  }
  let content: unknown;
  try {
    content = document.toJS();
    // JSON cannot express a cycle.
    writeJson(content);
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof TypeError || error instanceof RangeError)) throw error;
    return { entries: [], issues: [broken(lineAt(document, lines, []), error.message.split('\n')[0] ?? '')] };
  }
  if (content === null) return { entries: [], issues: [] };
  const parts: [keys: (string | number)[], value: unknown][] = Array.isArray(content)
    ? content.map((value: unknown, index) => [[index], value])
    : [[[], content]];
  const entries = parts.map(([keys, value]) => ({
    file,
    value,
    lineOf: (path: string): number => lineAt(document, lines, [...keys, ...keysOf(path)]),
  }));
  return { entries, issues: [] };
}

/** `where[0].equals` → where, 0, equals */
const keysOf = (path: string): (string | number)[] =>
  (path.match(/[^.[\]]+/g) ?? []).map((key) => (/^\d+$/.test(key) ? Number(key) : key));

function lineAt(document: Document.Parsed, lines: LineCounter, keys: readonly (string | number)[]): number {
  for (let depth = keys.length; depth > 0; depth--) {
    const offset = offsetOf(document, keys.slice(0, depth));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return lines.linePos(document.contents?.range[0] ?? 0).line;
}

/** The offset of the key, or in a list, of the value. */
function offsetOf(document: Document.Parsed, keys: readonly (string | number)[]): number | undefined {
  const parent = document.getIn(keys.slice(0, -1), true);
  if (!isCollection(parent)) return undefined;
  const last = keys.at(-1);
  const item: unknown =
    typeof last === 'number' ? parent.items[last] : parent.items.find((pair) => keyText(pair) === last);
  const node = item !== null && typeof item === 'object' && 'key' in item ? item.key : item;
  return (node as { range?: [number, number, number] } | undefined)?.range?.[0];
}

const keyText = (pair: unknown): unknown => (pair as { key?: { value?: unknown } }).key?.value;
