import { clockTime, dayTime } from '../../design/time/time.ts';
import type { AlertRecord, AlertValues } from '../../server/wire.ts';

const SECOND_MS = 1_000;

/** What is drawn: epoch seconds. */
export interface ChartData {
  times: number[];
  values: number[];
  from: number;
  to: number;
  /** While the alert fired. */
  firing: { from: number; to: number } | null;
  /** Of the values and the thresholds, with some room. */
  range: [least: number, most: number];
}

const seconds = (iso: string): number => Date.parse(iso) / SECOND_MS;

export function chartData({ points, thresholds, from, to }: AlertValues, { startsAt, endsAt }: AlertRecord): ChartData {
  const shown = [...points.map(({ value }) => value), ...thresholds.map(({ value }) => value)];
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const room = (most - least || Math.abs(most) || 1) * 0.1;
  return {
    times: points.map(({ at }) => seconds(at)),
    values: points.map(({ value }) => value),
    ...{ from: seconds(from), to: seconds(to) },
    firing: startsAt === null ? null : { from: seconds(startsAt), to: endsAt === null ? seconds(to) : seconds(endsAt) },
    range: [least - room, most + room],
  };
}

const WORDS: Record<string, string> = { gt: 'above', gte: 'at least', lt: 'below', lte: 'at most', equals: 'equal to' };

/** Such as `above 80`. */
export const thresholdText = ({ word, value }: AlertValues['thresholds'][number]): string =>
  `${WORDS[word] ?? word} ${value}`;

/** The chart in words, for those who do not see it. */
export function chartText(found: AlertValues, { startsAt, endsAt }: AlertRecord): string {
  const { property, points, thresholds, isWhole } = found;
  const values = points.map(({ value }) => value);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `No event has a value of ${property} in this time.`;
  const fires =
    startsAt === null ? '' : ` It fires from ${dayTime(startsAt)}${endsAt === null ? '' : ` to ${dayTime(endsAt)}`}.`;
  return (
    `${points.length} values of ${property} from ${clockTime(first.at)} to ${clockTime(last.at)}: ` +
    `the least is ${Math.min(...values)}, the greatest ${Math.max(...values)}, the last ${last.value}. ` +
    `The rule compares: ${thresholds.map(thresholdText).join(', ')}.${fires}` +
    (isWhole ? '' : ' Not all values of this time are here.')
  );
}
