import { textTable } from '../src/cli/output/text-table.ts';
import type { Machine } from './machine.ts';
import { isWithin, type Bound, type Row } from './row.ts';

/** The result of a run, and the JSON that `--json` writes. */
export interface Report {
  /** ISO 8601. */
  at: string;
  machine: Machine;
  benches: { name: string; about: string; rows: Row[] }[];
}

export const HEADINGS = ['what', 'subject', 'baseline', 'ratio', 'target'];

/** The columns of a row as text. */
export function cells(row: Row): string[] {
  const { name, unit, subject, baseline, ratio } = row;
  return [
    name,
    `${subject.what}: ${rounded(subject.median)} ${unit}`,
    `${baseline.what}: ${rounded(baseline.median)} ${unit}`,
    `${rounded(ratio)}×`,
    targetText(row),
  ];
}

function targetText({ ratio, target, aim }: Row): string {
  const texts: string[] = [];
  if (target !== null) texts.push(`${boundText(target)}${isWithin(ratio, target) ? '' : ', missed'}`);
  if (aim !== null) texts.push(`aim ${boundText(aim)}${isWithin(ratio, aim) ? '' : ', not yet'}`);
  return texts.join('; ');
}

const boundText = (bound: Bound): string =>
  'atLeast' in bound ? `≥ ${rounded(bound.atLeast)}×` : `≤ ${rounded(bound.atMost)}×`;

export const reportTable = ({ benches }: Report): string =>
  textTable([HEADINGS, ...benches.flatMap(({ rows }) => rows.map(cells))]);

/** Rounds to three significant digits; more would be noise. */
function rounded(figure: number): string {
  const digits = 3;
  return Number(figure.toPrecision(digits)).toLocaleString('en-US', { maximumFractionDigits: digits });
}
