import { stringify } from 'yaml';
import type { Transition } from '../reference/model.ts';
import type { Interruption, Recording } from './play/play.ts';

/** Lines before and after the first difference. */
const SHOWN = 4;

/** A failing case in readable form, to turn into a rule test: times are offsets from the start. */
export function show(
  { rule, start, until, arrivals }: Recording,
  between: readonly Interruption[],
  expected: readonly Transition[],
  got: readonly Transition[],
): string {
  const offset = (time: number): string => `${(time - start) / 1000}s`;
  const events = arrivals.map(({ at, time, sequence, data }) => ({
    at: offset(at),
    ...(time !== at && { time: offset(time) }),
    sequence,
    ...data,
  }));
  const line = ({ at, partition, episode, status, reason, state, severity, startsAt, endsAt }: Transition): string => {
    const [from, to] = [startsAt, endsAt].map((time) => (time === null ? '-' : offset(time)));
    return `${offset(at)} ${JSON.stringify(partition)} #${episode} ${status} ${reason} ${state} ${severity} from ${from} to ${to}`;
  };
  const lines = expected.map(line);
  const gotLines = got.map(line);
  const same = [...lines, undefined].findIndex((each, index) => each !== gotLines[index]);
  const around = (all: readonly string[]): string[] => [
    ...all.slice(0, same).slice(-SHOWN),
    '--- from here they differ',
    ...all.slice(same, same + SHOWN),
  ];
  return [
    '',
    stringify({ rule, events, until: offset(until), ...(between.length > 0 && { between }) }, { keepUndefined: false }),
    'expected by the reference:',
    ...around(lines).map((each) => `  ${each}`),
    'got from the core:',
    ...around(gotLines).map((each) => `  ${each}`),
  ].join('\n');
}
