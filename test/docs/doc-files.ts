import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All Markdown documents: at the top level and under docs/. */
export function documents(): string[] {
  const below = existsSync('docs')
    ? readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name))
    : [];
  return [...readdirSync('.'), ...below].filter((name) => name.endsWith('.md'));
}

/** The rows of the table between `<!-- name -->` and `<!-- /name -->` without the header, as cells. */
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

/** Like tableRows, with the backticks removed from the first cell. */
export const namedRows = (document: string, name: string): string[][] =>
  tableRows(document, name).map(([first = '', ...rest]) => [first.replaceAll('`', ''), ...rest]);

/** The fenced code blocks of a language. */
export function codeBlocks(document: string, language: string): string[] {
  const fences = readFileSync(document, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'));
  return [...fences].map(([, code = '']) => code);
}
