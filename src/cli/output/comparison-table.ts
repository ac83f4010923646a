import type { AlertData } from '../../core/model/alert.ts';
import type { Comparison } from '../../offline/compare-transitions.ts';
import { offsetText } from '../../offline/moment.ts';
import type { Expectation } from '../../offline/rule-test-schema.ts';
import { textTable } from './text-table.ts';

const NOTHING = '–';
/** What is shown of a transition that nobody expected. */
const TELLING = ['group', 'partition', 'reason'] as const;

/** What was expected beside what came, a line for each transition. */
export function comparisonTable(comparisons: readonly Comparison[], startMs: number): string {
  const rows = comparisons.map(({ expected, got, matches }) => [
    matches ? '✓' : '✗',
    expected === undefined ? NOTHING : lineOf(expected.at, expected),
    got === undefined
      ? NOTHING
      : lineOf(offsetText(Date.parse(got.evaluatedAt), startMs), shownOf(got, expected, startMs)),
  ]);
  return textTable([['', 'expected', 'got'], ...rows]);
}

function lineOf(at: string, { at: _at, status, ruleId, ...fields }: Partial<Expectation>): string {
  const others = Object.entries(fields).map(
    ([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [at, status, ruleId, ...others].filter((part) => part !== undefined).join(' ');
}

/** The fields that were expected, as they are; without an expectation those that tell most. */
function shownOf(alert: AlertData, expected: Expectation | undefined, startMs: number): Partial<Expectation> {
  const { status, ruleId } = alert;
  const fields =
    expected === undefined
      ? TELLING
      : (Object.keys(expected) as (keyof Expectation)[]).filter((field) => field !== 'at');
  const shown = fields.map((field): [string, unknown] => {
    if (field !== 'startsAt' && field !== 'endsAt') return [field, alert[field as keyof AlertData]];
    const iso = alert[field];
    return [field, iso === null ? null : offsetText(Date.parse(iso), startMs)];
  });
  const told = shown.filter(([, value]) => expected !== undefined || JSON.stringify(value) !== '{}');
  return { status, ruleId, ...Object.fromEntries(told) } as Partial<Expectation>;
}
