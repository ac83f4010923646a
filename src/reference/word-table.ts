import { exampleOf, exampleText, readExample } from './examples.ts';
import type { Word } from './words.ts';

/** A table of words, and below it their examples, folded. */
export async function wordTable(words: readonly Word[], root: string): Promise<string> {
  const shownHere = words.filter(({ id }) => exampleOf(id) === id);
  const examples = await Promise.all(shownHere.map((word) => foldedExample(word, words, root)));
  return [tableOf(words), ...examples].join('\n\n');
}

function tableOf(words: readonly Word[]): string {
  const linked = ({ id, name }: Word): string => `[\`${name}\`](#${anchorOf(exampleOf(id))})`;
  // Values have no type.
  if (words.every(({ type }) => type === '')) {
    const rows = words.map((word) => `| ${linked(word)} | ${escaped(word.description)} |`);
    return ['| Value | Description |', '|---|---|', ...rows].join('\n');
  }
  const rows = words.map(
    (word) =>
      `| ${linked(word)} | ${word.type} | ${word.required ? 'required' : (word.fallback ?? '')} | ${escaped(word.description)} |`,
  );
  return ['| Field | Type | Default | Description |', '|---|---|---|---|', ...rows].join('\n');
}

async function foldedExample({ id }: Word, words: readonly Word[], root: string): Promise<string> {
  const names = words.filter((word) => exampleOf(word.id) === id).map(({ name }) => `<code>${name}</code>`);
  const example = exampleText(await readExample(root, id));
  return `<details id="${anchorOf(id)}"><summary>Example: ${names.join(', ')}</summary>\n\n${example}\n\n</details>`;
}

const anchorOf = (id: string): string => `word-${id.replaceAll('/', '-')}`;

/** Escapes Markdown's special characters. */
const escaped = (text: string): string => text.replaceAll(/[<>*|]/g, String.raw`\$&`);
