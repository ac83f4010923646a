import { messageTable } from './message-table.ts';
import { exampleText, readExample } from './examples.ts';
import { readTemplate, type TemplatePart } from './template.ts';
import { wordTable } from './word-table.ts';

export const PAGE_FILE = 'docs/rules.md';

/** Regenerates the page. The command runs the last build. */
export const REFRESH_COMMAND = `npm run -s build && npm run -s vigil -- rules reference > ${PAGE_FILE}`;

const SOURCES = 'src/reference/rules.template.md, the schema in src/core/model/rule/rule-schema.ts and examples/words';
const ORIGIN = `<!-- Generated from ${SOURCES}. Regenerate with: ${REFRESH_COMMAND} -->`;

/**
 * The reference page of the rule language, Markdown. `root`: the root folder of vigil.
 * Rejects with the file system's error if a word has no example.
 */
export async function referencePage(root: string): Promise<string> {
  const parts = await readTemplate(root);
  const texts = await Promise.all(parts.map((part) => textOf(part, root)));
  return `${ORIGIN}\n\n${texts.join('').trim()}\n`;
}

async function textOf(part: TemplatePart, root: string): Promise<string> {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'words':
      return wordTable(part.words, root);
    case 'example':
      return exampleText(await readExample(root, part.id));
    case 'message words':
      return messageTable();
  }
}
