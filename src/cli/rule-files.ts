import { readFile } from 'node:fs/promises';
import { isCollection, LineCounter, parseAllDocuments, type Document } from 'yaml';
import { VigilError } from '../core/errors.ts';

/** One rule as it stands in a file; not checked yet. */
export interface RuleText {
  file: string;
  value: Record<string, unknown>;
  /** The line, from 1, of a path such as `where[0].equals`, or of what is nearest around it. */
  lineOf: (path: string) => number;
}

/**
 * Reads the rules of a YAML or JSON file: one, a list, or several documents.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID with file and line
 */
export async function readRuleFile(file: string): Promise<RuleText[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new VigilError('FILE_UNREADABLE', `${file}: ${error instanceof Error ? error.message : String(error)}.`, { file }, { cause: error });
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  return documents.flatMap((document) => rulesIn(document, lines, file));
}

function rulesIn(document: Document.Parsed, lines: LineCounter, file: string): RuleText[] {
  const [problem] = document.errors;
  if (problem) throw invalid(file, lines.linePos(problem.pos[0]).line, `is neither YAML nor JSON: ${problem.message}`);
  const content = document.toJS() as unknown;
  if (content === null) return [];

  const entries: [keys: (string | number)[], value: unknown][] = Array.isArray(content)
    ? content.map((value: unknown, index) => [[index], value])
    : [[[], content]];
  return entries.map(([keys, value]) => {
    const lineOf = (path: string): number => lineAt(document, lines, [...keys, ...keysOf(path)]);
    if (typeof value !== 'object' || value === null) throw invalid(file, lineOf(''), 'a rule must be an object');
    return { file, value: value as Record<string, unknown>, lineOf };
  });
}

const invalid = (file: string, line: number, message: string): VigilError =>
  new VigilError('RULE_INVALID', `${file}:${line}: ${message}.`, { file, issues: [{ path: '', message }] });

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

/** Where the key stands, or where it has none (in a list), the value. */
function offsetOf(document: Document.Parsed, keys: readonly (string | number)[]): number | undefined {
  const parent = document.getIn(keys.slice(0, -1), true);
  if (!isCollection(parent)) return undefined;
  const last = keys.at(-1);
  const item: unknown = typeof last === 'number' ? parent.items[last] : parent.items.find((pair) => keyText(pair) === last);
  const node = item !== null && typeof item === 'object' && 'key' in item ? item.key : item;
  return (node as { range?: [number, number, number] } | undefined)?.range?.[0];
}

const keyText = (pair: unknown): unknown => (pair as { key?: { value?: unknown } }).key?.value;
