import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wordsOfSchema, type Word } from './words.ts';

const TEMPLATE = 'src/reference/rules.template.md';

/** A part of the page: plain text, or the content that a comment of the template requests. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'words'; words: Word[] }
  | { kind: 'example'; id: string }
  | { kind: 'message words' };

/**
 * Reads the template. It may contain these comments, each on its own line: `<!-- words: for where/* -->` (words with
 * their examples), `<!-- example: id -->` (one example), and `<!-- message words -->`. Throws RangeError for an unknown
 * comment or word.
 */
export async function readTemplate(root: string): Promise<TemplatePart[]> {
  const template = await readFile(join(root, TEMPLATE), 'utf8');
  const schemaWords = wordsOfSchema();
  return template
    .split(/^<!-- (.*) -->$/m)
    .map((text, index): TemplatePart => (index % 2 === 0 ? { kind: 'text', text } : partOf(text, schemaWords)));
}

function partOf(comment: string, schemaWords: readonly Word[]): TemplatePart {
  const [, kind = comment, what = ''] = /^(words|example): (.*)$/.exec(comment) ?? [];
  switch (kind) {
    case 'words':
      return { kind, words: what.split(' ').flatMap((pattern) => pick(schemaWords, pattern)) };
    case 'example':
      return { kind, id: what };
    case 'message words':
      return { kind };
    default:
      throw new RangeError(`${TEMPLATE}: unknown comment <!-- ${comment} -->`);
  }
}

/** The word `for`, or with `where/*` all words below `where`. */
function pick(words: readonly Word[], pattern: string): Word[] {
  const found = words.filter(({ id }) =>
    pattern.endsWith('/*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern,
  );
  if (found.length === 0) throw new RangeError(`${TEMPLATE}: the schema has no word ${pattern}`);
  return found;
}
