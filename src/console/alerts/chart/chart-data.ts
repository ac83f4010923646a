import { clockTime, dayTime } from '../../design/time/time.ts';
import type { AlertRecord, AlertValues } from '../../server/wire.ts';

const SECOND_MS = 1_000;

/** What is drawn: epoch seconds. */
export interface ChartData {
  times: number[];
  /** Null: none, or unknown. */
  values: (number | null)[];
  from: number;
  to: number;
  /** While the alert fired. */
  firing: { from: number; to: number } | null;
  /** Of the values and the thresholds, with some room. */
  range: [least: number, most: number];
}

const knownOf = (points: AlertValues['points']): number[] => points.flatMap(({ value }) => value ?? []);

/** What is drawn, in words: of the newest value, the property. */
export const drawnText = ({ property, calc, text }: AlertValues): string =>
  calc === 'latest' && property !== null ? property : (text ?? '');

const seconds = (iso: string): number => Date.parse(iso) / SECOND_MS;

export function chartData({ points, thresholds, from, to }: AlertValues, { startsAt, endsAt }: AlertRecord): ChartData {
  const shown = [...knownOf(points), ...thresholds.map(({ value }) => value)];
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

const MINUTE_S = 60;

/** A time below the chart, epoch seconds; with seconds if the ticks are closer than a minute. */
export function tickText(timeS: number, stepS: number): string {
  const text = clockTime(new Date(timeS * SECOND_MS).toISOString());
  return stepS < MINUTE_S ? text : text.slice(0, text.lastIndexOf(':'));
}

const WORDS: Record<string, string> = { gt: 'above', gte: 'at least', lt: 'below', lte: 'at most', equals: 'equal to' };

/** Such as `above 80`. */
export const thresholdText = ({ word, value }: AlertValues['thresholds'][number]): string =>
  `${WORDS[word] ?? word} ${value}`;

/** Calculated values have more digits than anybody hears. */
const DIGITS = 6;
const shown = (value: number): number => Number(value.toPrecision(DIGITS));

/** The chart in words, for those who do not see it. */
export function chartText(found: AlertValues, { startsAt, endsAt }: AlertRecord): string {
  const { points, thresholds, isWhole } = found;
  const known = points.filter(({ value }) => value !== null);
  const values = knownOf(points);
  const [first, last] = [known[0], known.at(-1)];
  const what = drawnText(found);
  if (first === undefined || last === undefined)
    return `${what} has no value in this time.${isWhole ? '' : ' Not all events of this time are here.'}`;
  const fires =
    startsAt === null ? '' : ` It fires from ${dayTime(startsAt)}${endsAt === null ? '' : ` to ${dayTime(endsAt)}`}.`;
  return (
    `${what} from ${clockTime(first.at)} to ${clockTime(last.at)}: ` +
    `the least is ${shown(Math.min(...values))}, the greatest ${shown(Math.max(...values))}, the last ${shown(last.value ?? 0)}. ` +
    `The rule compares: ${thresholds.map(thresholdText).join(', ')}.${fires}` +
    (isWhole ? '' : ' Not all events of this time are here.')
  );
}
