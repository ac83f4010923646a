import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every document of the project: the top level's and those under docs/. */
export function documents(): string[] {
  const below = existsSync('docs')
    ? readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name))
    : [];
  return [...readdirSync('.'), ...below].filter((name) => name.endsWith('.md'));
}

/** The rows of the table between `<!-- name -->` and `<!-- /name -->`, without its head: the cells as they stand. */
export function tableRows(document: string, name: string): string[][] {
  const [, table = ''] =
    new RegExp(`<!-- ${name} -->\\n([^]*?)\\n<!-- /${name} -->`).exec(readFileSync(document, 'utf8')) ?? [];
  const [, , ...rows] = table.trim().split('\n');
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** As tableRows, with the first cell out of its backticks. */
export const namedRows = (document: string, name: string): string[][] =>
  tableRows(document, name).map(([first = '', ...rest]) => [first.replaceAll('`', ''), ...rest]);

/** The fenced blocks of a language. */
export function codeBlocks(document: string, language: string): string[] {
  const fences = readFileSync(document, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'));
  return [...fences].map(([, code = '']) => code);
}
