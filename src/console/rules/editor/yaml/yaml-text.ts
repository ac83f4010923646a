import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Pair,
  type Scalar,
} from 'yaml';

/* The text of a rule: where its words are. */

export type Path = readonly (string | number)[];

export interface Range {
  from: number;
  /** Not included. */
  to: number;
}

/** Whole numbers keep all their digits. @throws RangeError if it is nested too deeply */
export const readYaml = (text: string): Document.Parsed =>
  parseDocument(text, { prettyErrors: false, intAsBigInt: true });

/** The value of a text; undefined if it is no YAML. */
export function valueOf(text: string): unknown {
  try {
    const document = readYaml(text);
    return document.errors.length > 0 ? undefined : (document.toJS() as unknown);
  } catch {
    return undefined;
  }
}

/** A word in the text: a key, or a value. */
export interface Word extends Range {
  role: 'key' | 'value';
  /** Of the pair, for a key too. */
  path: Path;
  node: Scalar;
  /** Keys beside it; only for a key. */
  siblings: readonly string[];
  /** Whether it is in braces or brackets. */
  isInFlow: boolean;
}

/** The first word that is wanted. */
export function findWord(document: Document.Parsed, isWanted: (node: Scalar) => boolean): Word | null {
  let found: Word | null = null;
  visit(document, {
    Scalar(_key, node, ancestors) {
      if (!isWanted(node)) return undefined;
      found = wordOf(node, ancestors);
      return visit.BREAK;
    },
  });
  return found;
}

function wordOf(node: Scalar, ancestors: readonly unknown[]): Word {
  const chain = [...ancestors, node];
  const pair = ancestors.at(-1);
  const isKey = isPair(pair) && pair.key === node;
  const map = ancestors.at(-2);
  const [from, to] = node.range ?? [0, 0];
  return {
    ...{ from, to, node, role: isKey ? 'key' : 'value' },
    path: chain.flatMap((each, index): (string | number)[] => {
      if (isSeq(each)) return [each.items.indexOf(chain[index + 1])];
      return isPair(each) ? [keyText(each)] : [];
    }),
    siblings: isKey && isMap(map) ? map.items.filter((each) => each !== pair).map(keyText) : [],
    isInFlow: ancestors.some((each) => (isMap(each) || isSeq(each)) && each.flow === true),
  };
}

const keyText = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

/** `where[0].equals` → where, 0, equals */
export const pathOf = (text: string): Path =>
  (text.match(/[^.[\]]+/g) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** The place of a path, or of the nearest node around it. */
export function rangeOf(document: Document.Parsed, path: Path): Range {
  for (let depth = path.length; depth > 0; depth--) {
    const range = pairRange(document, path.slice(0, depth));
    if (range !== null) return range;
  }
  const [from] = document.contents?.range ?? [0];
  return { from, to: from };
}

/** A key with its value if that is one word, else the key alone. In a list, the entry. */
function pairRange(document: Document.Parsed, path: Path): Range | null {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isSeq(parent) && typeof last === 'number') return nodeRange(parent.items[last]);
  if (!isMap(parent)) return null;
  const pair = parent.items.find((each) => keyText(each) === String(last));
  const key = nodeRange(pair?.key);
  const value = isScalar(pair?.value) || isAlias(pair?.value) ? nodeRange(pair.value) : null;
  return key && { from: key.from, to: Math.max(key.to, value?.to ?? 0) };
}

function nodeRange(node: unknown): Range | null {
  const range = (node as { range?: [number, number, number] | null } | null | undefined)?.range;
  return range ? { from: range[0], to: range[1] } : null;
}
