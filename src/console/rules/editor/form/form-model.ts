import { isScalarValue } from '../yaml/scalar-text.ts';
import type { Path } from '../yaml/yaml-text.ts';

/** What the form shows of a rule. The rest is only in the YAML. */
export interface RuleForm {
  /** Words of the rule that are texts. */
  texts: Readonly<Record<string, string>>;
  /** Properties, with commas between them. */
  partitionBy: string;
  groupBy: string;
  /** Null: it is more than the form can show. */
  where: (Compared | null)[];
  type: string;
  /** With count and percent. */
  compares: Compared | null;
  having: Compared | null;
  clear: Compared | null;
  labels: [name: string, value: unknown][];
  /** Paths of what the form cannot show. */
  onlyInYaml: string[];
}

/** A simple condition: one property or calculation, and one comparison with a value. */
export interface Compared {
  path: Path;
  calc?: string | undefined;
  property?: string | undefined;
  within?: string | undefined;
  /** Null: the form cannot show how it compares. */
  comparison: { word: string; value: unknown } | null;
}

/** Comparisons with one value. */
export const COMPARISONS = {
  equals: 'is',
  notEquals: 'is not',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
  exists: 'is present',
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  glob: 'is like',
} as const;

export const TEXTS = ['id', 'clientId', 'name', 'for', 'staleAfter', 'heartbeat', 'severity', 'message'] as const;
const OTHERS = ['where', 'partitionBy', 'groupBy', 'evaluate', 'clear', 'labels'];

/** The evaluations whose condition is one for all partitions. */
export const EVALUATIONS = {
  each: 'for each partition',
  any: 'for any partition',
  all: 'for all partitions',
  none: 'for no partition',
  count: 'for a number of partitions',
  percent: 'for a share of partitions (%)',
} as const;

export const hasNumber = (type: string): boolean => type === 'count' || type === 'percent';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function formOf(rule: Json): RuleForm {
  const onlyInYaml: string[] = [];
  const hide = (path: Path): null => {
    onlyInYaml.push(pathText(path));
    return null;
  };
  const evaluate = isObject(rule['evaluate']) ? rule['evaluate'] : {};
  const type = wordIn(evaluate, 'type') ?? '';
  const isKnown = Object.hasOwn(EVALUATIONS, type);
  const leaf = (value: unknown, path: Path, words: readonly string[]): Compared | null =>
    value === undefined ? null : compared(value, path, words, hide);
  const form = {
    texts: Object.fromEntries(TEXTS.map((word) => [word, wordIn(rule, word) ?? ''])),
    partitionBy: names(rule['partitionBy'], ['partitionBy'], hide),
    groupBy: names(rule['groupBy'], ['groupBy'], hide),
    where: list(rule['where']).map((entry, index) => leaf(entry, ['where', index], ['property'])),
    type,
    compares: hasNumber(type) ? compared(evaluate, ['evaluate'], Object.keys(evaluate), hide) : null,
    having: leaf(evaluate['having'], ['evaluate', 'having'], CALCULATED),
    clear: leaf(rule['clear'], ['clear'], CALCULATED),
    labels: isObject(rule['labels']) ? Object.entries(rule['labels']) : [],
  };
  if (evaluate['type'] !== undefined && !isKnown) hide(['evaluate']);
  if (isKnown)
    for (const word of Object.keys(evaluate))
      if (!['type', 'having', ...Object.keys(COMPARISONS)].includes(word)) hide(['evaluate', word]);
  for (const word of Object.keys(rule)) if (![...TEXTS, ...OTHERS].includes(word)) hide([word]);
  return { ...form, onlyInYaml };
}

const wordIn = (object: Json, key: string): string | undefined => {
  const value = object[key];
  return isScalarValue(value) ? String(value) : undefined;
};

const CALCULATED = ['calc', 'property', 'within'];
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function names(value: unknown, path: Path, hide: (path: Path) => null): string {
  const all = list(value);
  if (all.every((name) => typeof name === 'string' && !name.includes(','))) return all.join(', ');
  hide(path);
  return '';
}

/** Null if it combines conditions. What it has beside the known words is only in the YAML. */
function compared(value: unknown, path: Path, words: readonly string[], hide: (path: Path) => null): Compared | null {
  if (!isObject(value) || ['all', 'any', 'not'].some((word) => Object.hasOwn(value, word))) return hide(path);
  const found = Object.keys(COMPARISONS).filter((word) => Object.hasOwn(value, word) && isScalarValue(value[word]));
  const [word] = found;
  const others = Object.keys(value).filter((each) => each !== word && !words.includes(each));
  for (const other of others) hide([...path, other]);
  const hasOther = others.some((other) => /^(in|notIn|between|equals|notEquals|[gl]te?)$/.test(other));
  return {
    ...{ path, calc: wordIn(value, 'calc'), property: wordIn(value, 'property'), within: wordIn(value, 'within') },
    comparison:
      word === undefined ? (hasOther ? null : { word: 'equals', value: undefined }) : { word, value: value[word] },
  };
}

const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
