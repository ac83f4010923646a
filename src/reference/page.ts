import { limitsTable } from './limits-table.ts';
import { messageTable } from './message-table.ts';
import { exampleText, readExample } from './examples.ts';
import { readTemplate, type Part } from './template.ts';
import { wordTable } from './word-table.ts';

/** Prints the page. */
export const PAGE_COMMAND = 'npm run -s vigil -- rules reference';
export const PAGE_FILE = 'docs/rules.md';

const ORIGIN = `<!-- Made by \`${PAGE_COMMAND} > ${PAGE_FILE}\` from src/reference/rules.template.md, the schema in src/core/rule-schema.ts and examples/words. -->`;

/**
 * The reference of the rule language, Markdown. `root`: the folder of vigil.
 * Rejects with the error of the file system when a word has no example.
 */
export async function referencePage(root: string): Promise<string> {
  const parts = await readTemplate(root);
  const texts = await Promise.all(parts.map((part) => textOf(part, root)));
  return `${ORIGIN}\n\n${texts.join('').trim()}\n`;
}

async function textOf(part: Part, root: string): Promise<string> {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'words':
      return wordTable(part.words, root);
    case 'example':
      return exampleText(await readExample(root, part.id));
    case 'limits':
      return limitsTable();
    case 'message words':
      return messageTable();
  }
}
