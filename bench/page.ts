import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { machineText } from './machine.ts';
import { cells, HEADINGS, type Report } from './report.ts';

/**
 * Writes the figures of a run into a Markdown page, each benchmark between `<!-- bench NAME -->` and `<!-- /bench -->`.
 * Keeps the other text, and the figures of benchmarks that were not run.
 */
export function writePage(file: string, report: Report): void {
  for (const bench of report.benches) writeSection(file, bench.name, section(bench, report));
}

/** Writes a section between its markers, or appends it to the page. */
export function writeSection(file: string, name: string, content: string): void {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '# Benchmarks\n';
  writeFileSync(file, placed(old, name, content));
}

function placed(page: string, name: string, content: string): string {
  const [from, to] = [`<!-- bench ${name} -->`, '<!-- /bench -->'];
  const start = page.indexOf(from);
  const end = page.indexOf(to, start);
  if (start < 0 || end < 0) return `${page.trimEnd()}\n\n${from}\n${content}${to}\n`;
  return `${page.slice(0, start)}${from}\n${content}${page.slice(end)}`;
}

function section({ name, about, rows }: Report['benches'][number], { at, machine }: Report): string {
  return [
    `### ${name}`,
    '',
    about,
    '',
    ...markdownTable([HEADINGS, ...rows.map(cells)]),
    '',
    `${at.slice(0, 10)}, ${machineText(machine)}.`,
    '',
  ].join('\n');
}

/** The lines of a table; the first row is the header. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
