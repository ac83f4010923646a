import { Document, isMap, isScalar, parseDocument, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { isScalarValue } from './scalar-text.ts';
import { readYaml, type Path } from './yaml-text.ts';

/** A change that the form makes. `value` undefined: the word goes. `name`: the word becomes another one. */
export type Edit = { path: Path; value: unknown } | { path: Path; name: string };

/** The text after the edits. All other text stays as it is, with its comments. */
export const withEdits = (text: string, edits: readonly Edit[], order: readonly string[]): string =>
  edits.reduce((before, edit) => withEdit(before, edit, order), text);

function withEdit(text: string, edit: Edit, order: readonly string[]): string {
  const document = readYaml(text);
  const node = document.getIn(edit.path, true);
  if ('value' in edit && isPlainWord(node) && isScalarValue(edit.value))
    return withWord(text, node, edit.value, isInFlow(document, edit.path));
  apply(document, edit, order);
  const edited = document.toString({ lineWidth: 0 });
  return onlyThat(text, edited, String(edit.path[0]));
}

const isPlainWord = (node: unknown): node is Scalar =>
  isScalar(node) &&
  !!node.range &&
  node.range[1] > node.range[0] &&
  !String(node.type).startsWith('BLOCK') &&
  !node.anchor &&
  !node.tag;

/** Puts another value in the place of one, in the same quotes. */
function withWord(text: string, node: Scalar, value: unknown, isFlow: boolean): string {
  const [from, to] = node.range ?? [0, 0];
  const written = new Document(value);
  const word = written.contents as Scalar | null;
  if (word !== null && typeof value === 'string') {
    if (typeof node.value === 'string' && node.type !== undefined) word.type = node.type;
    if (/\n/.test(value) || (isFlow && /[,[\]{}]/.test(value) && word.type !== 'QUOTE_SINGLE'))
      word.type = 'QUOTE_DOUBLE';
  }
  return text.slice(0, from) + written.toString({ lineWidth: 0 }).trimEnd() + text.slice(to);
}

/** Whether some collection around it is in braces or brackets. */
const isInFlow = (document: Document.Parsed, path: Path): boolean =>
  path.some(
    (_step, depth) => (document.getIn(path.slice(0, depth), true) as { flow?: boolean } | undefined)?.flow === true,
  );

function apply(document: Document.Parsed, edit: Edit, order: readonly string[]): void {
  const { path } = edit;
  if ('name' in edit) {
    const map = document.getIn(path.slice(0, -1), true);
    const pair = isMap(map) ? map.items.find((each) => keyOf(each) === path.at(-1)) : undefined;
    if (pair !== undefined) pair.key = document.createNode(edit.name);
    return;
  }
  if (edit.value === undefined) {
    document.deleteIn(path);
    return;
  }
  const isNew = !document.hasIn(path.slice(0, 1));
  document.setIn(path, document.createNode(edit.value, { flow: path.length > 1 || !isLong(edit.value) }));
  if (isNew && isMap(document.contents)) putInOrder(document.contents, order);
}

/** Lists and objects of one key are short. */
const isLong = (value: unknown): boolean =>
  Array.isArray(value) ? value.some((each) => typeof each === 'object') : typeof value === 'object';

/** Moves the newest key before the first one that comes after it. */
function putInOrder({ items }: YAMLMap, order: readonly string[]): void {
  const added = items.pop();
  if (added === undefined) return;
  const place = order.indexOf(keyOf(added));
  const next = items.findIndex((each) => place >= 0 && order.indexOf(keyOf(each)) > place);
  items.splice(next < 0 ? items.length : next, 0, added);
}

const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

/** The old text with one of its keys as it is in the new one: the YAML library would write the others in its own style. */
function onlyThat(text: string, edited: string, key: string): string {
  const [before, after] = [sectionsOf(text), sectionsOf(edited)];
  if (before === null || after === null) return edited;
  const old = before.find((section) => section.key === key);
  const next = after.find((section) => section.key === key);
  if (old !== undefined) return text.slice(0, old.from) + (next?.text ?? '') + text.slice(old.to);
  if (next === undefined) return text;
  const leader = after[after.indexOf(next) - 1];
  const at = before.find((section) => section.key === leader?.key)?.to ?? before[0]?.from ?? text.length;
  const gap = at > 0 && text[at - 1] !== '\n' ? '\n' : '';
  return text.slice(0, at) + gap + next.text + text.slice(at);
}

/** The lines of each key of a rule; null if it is in braces. */
function sectionsOf(text: string): { key: string; from: number; to: number; text: string }[] | null {
  const { contents } = parseDocument(text, { prettyErrors: false });
  if (!isMap(contents) || contents.flow === true) return null;
  const starts = contents.items.map((pair) => ({ key: keyOf(pair), from: lineStart(text, pair.key.range[0]) }));
  return starts.map(({ key, from }, index) => {
    const next = starts[index + 1]?.from;
    const to = next === undefined ? text.length : beforeComments(text, from, next);
    return { key, from, to, text: text.slice(from, to) };
  });
}

const lineStart = (text: string, at: number): number => (at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);

/** Comments and empty lines before a key are not of the key before. */
function beforeComments(text: string, from: number, next: number): number {
  let at = next;
  for (;;) {
    const start = lineStart(text, at - 1);
    if (start <= from || !/^(#.*)?$/.test(text.slice(start, at - 1))) return at;
    at = start;
  }
}
