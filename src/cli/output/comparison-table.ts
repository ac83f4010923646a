import { writeForOthers } from '../../core/primitives/text/write-json.ts';
import type { AlertData } from '../../core/model/alert/alert.ts';
import type { TransitionPair } from '../../offline/compare-transitions.ts';
import { offsetText } from '../../offline/moment.ts';
import type { Expectation } from '../../offline/rule-test-schema.ts';
import { textTable } from './text-table.ts';

const NOTHING = '–';
/** Fields that are printed for an unexpected transition. */
const DEFAULT_FIELDS = ['group', 'partition', 'reason'] as const;

/** A table of expected and actual transitions, one per line. */
export function comparisonTable(comparisons: readonly TransitionPair[], startMs: number): string {
  const rows = comparisons.map(({ expected, got, matches }) => [
    matches ? '✓' : '✗',
    expected === undefined ? NOTHING : lineOf(expected.at, expected),
    got === undefined
      ? NOTHING
      : lineOf(offsetText(Date.parse(got.evaluatedAt), startMs), actualFields(got, expected, startMs)),
  ]);
  return textTable([['', 'expected', 'got'], ...rows]);
}

function lineOf(at: string, { at: _at, status, ruleId, ...fields }: Partial<Expectation>): string {
  const others = Object.entries(fields).map(
    ([field, value]) => `${field}=${typeof value === 'string' ? value : writeForOthers(value)}`,
  );
  return [at, status, ruleId, ...others].filter((part) => part !== undefined).join(' ');
}

/** The actual values of the expected fields; without an expectation, those of DEFAULT_FIELDS that are not empty. */
function actualFields(alert: AlertData, expected: Expectation | undefined, startMs: number): Partial<Expectation> {
  const { status, ruleId } = alert;
  const fields =
    expected === undefined
      ? DEFAULT_FIELDS
      : (Object.keys(expected) as (keyof Expectation)[]).filter((field) => field !== 'at');
  const shown = fields.map((field): [string, unknown] => {
    if (field !== 'startsAt' && field !== 'endsAt') return [field, alert[field as keyof AlertData]];
    const iso = alert[field];
    return [field, iso === null ? null : offsetText(Date.parse(iso), startMs)];
  });
  const printed = shown.filter(([, value]) => expected !== undefined || JSON.stringify(value) !== '{}');
  return { status, ruleId, ...Object.fromEntries(printed) } as Partial<Expectation>;
}
