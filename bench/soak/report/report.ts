import type { Machine } from '../../machine.ts';
import { machineText } from '../../machine.ts';
import { markdownTable } from '../../page.ts';
import type { Comparison } from './comparison.ts';
import type { Histories } from '../histories.ts';
import type { Sample } from '../samples.ts';
import type { RunEnds } from '../run-ends.ts';
import { median } from '../../measure.ts';
import type { Point } from './trend.ts';
import type { Judged } from './verdict.ts';

/** The result of a soak test, and the JSON that `--json` writes. */
export interface SoakReport {
  /** ISO 8601. */
  at: string;
  machine: Machine;
  minutes: number;
  sets: number;
  /** Events/s. */
  peak: number;
  rate: number;
  judged: Judged[];
  histories: Histories;
  runEnds: RunEnds;
  comparison: Comparison;
  samples: Sample[];
  /** Heap after garbage collection, MB. */
  liveHeap: Point[];
}

const HEADINGS = ['what', 'second quarter', 'last quarter', 'slope', 'verdict'];

const figure = (value: number, unit: string): string =>
  `${Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 2 })} ${unit}`;

/** The rows of the report; the first one is the header. */
export function rows({ judged, samples }: SoakReport): string[][] {
  const quarter = (from: number, value: (sample: Sample) => number): number =>
    median(samples.slice(Math.floor(from * samples.length), Math.ceil((from + 0.25) * samples.length)).map(value));
  const informational = (what: string, value: (sample: Sample) => number): string[] => [
    what,
    figure(quarter(0.25, value), 'MB'),
    figure(quarter(0.75, value), 'MB'),
    '',
    '',
  ];
  return [
    HEADINGS,
    ...judged.map(({ what, unit, early, late, slope, flat }) => [
      what,
      figure(early, unit),
      figure(late, unit),
      figure(slope, `${unit}/min`),
      flat ? 'flat' : 'GROWS',
    ]),
    informational('for information: Temporal, resident', ({ temporalRss }) => temporalRss),
    informational('for information: NATS, resident', ({ natsRss }) => natsRss),
  ];
}

export function summary({ minutes, sets, peak, rate, histories, runEnds, comparison }: SoakReport): string {
  const { events, alerts, splitSets, wrongSets } = comparison;
  const compared =
    wrongSets.length === 0 ? 'none missing, none duplicated, all in order' : `WRONG in ${wrongSets.join(', ')}`;
  const { continuedAsNew, events: longest, megabytes } = histories;
  return (
    `${minutes} minutes at ${figure(rate, 'events/s')}, half of the peak of ${figure(peak, 'events/s')}; each event matches 4 of ${sets} sets, ${splitSets.length === 0 ? 'none' : splitSets.length} of them split into shards. ` +
    `${events.toLocaleString('en-US')} events stored, ${alerts.toLocaleString('en-US')} alerts: ${compared}. ` +
    `Workflows continued as new ${continuedAsNew.toLocaleString('en-US')} times; at the end, the longest history had ${longest.toLocaleString('en-US')} events and ${figure(megabytes, 'MB')}. ` +
    `Of ${runEnds.ended.toLocaleString('en-US')} runs that started and ended under this load, ${figure((100 * runEnds.again) / Math.max(1, runEnds.ended), '%')} repeated their last task because of a new event.`
  );
}

export function section(report: SoakReport): string {
  const { at, machine } = report;
  return [
    '### soak',
    '',
    summary(report),
    '',
    ...markdownTable(rows(report)),
    '',
    `${at.slice(0, 10)}, ${machineText(machine)}.`,
    '',
  ].join('\n');
}
