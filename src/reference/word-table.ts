import { exampleOf, exampleText, readExample } from './examples.ts';
import type { Word } from './words.ts';

/** Words in a table, and below it their examples, folded. */
export async function wordTable(words: readonly Word[], root: string): Promise<string> {
  const shownHere = words.filter(({ id }) => exampleOf(id) === id);
  const examples = await Promise.all(shownHere.map((word) => foldedExample(word, words, root)));
  return [tableOf(words), ...examples].join('\n\n');
}

function tableOf(words: readonly Word[]): string {
  const linked = ({ id, name }: Word): string => `[\`${name}\`](#${anchorOf(exampleOf(id))})`;
  // Values take nothing.
  if (words.every(({ type }) => type === '')) {
    const rows = words.map((word) => `| ${linked(word)} | ${escaped(word.description)} |`);
    return ['| Word | What it says |', '|---|---|', ...rows].join('\n');
  }
  const rows = words.map(
    (word) =>
      `| ${linked(word)} | ${word.type} | ${word.required ? 'required' : (word.fallback ?? '')} | ${escaped(word.description)} |`,
  );
  return ['| Word | Takes | Default | What it says |', '|---|---|---|---|', ...rows].join('\n');
}

async function foldedExample({ id }: Word, words: readonly Word[], root: string): Promise<string> {
  const names = words.filter((word) => exampleOf(word.id) === id).map(({ name }) => `<code>${name}</code>`);
  const example = exampleText(await readExample(root, id));
  return `<details id="${anchorOf(id)}"><summary>${names.join(', ')} by example</summary>\n\n${example}\n\n</details>`;
}

const anchorOf = (id: string): string => `word-${id.replaceAll('/', '-')}`;

/** What Markdown would take for its own. */
const escaped = (text: string): string => text.replaceAll(/[<>*|]/g, String.raw`\$&`);
