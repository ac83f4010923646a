import { stringify } from 'yaml';
import type { Transition } from '../reference/model.ts';
import type { Recording } from './play.ts';

/** A failing case so that a person can read it, and turn it into a rule test: times are offsets from the start. */
export function show({ rule, start, until, arrivals }: Recording, expected: readonly Transition[], got: readonly Transition[]): string {
  const offset = (time: number): string => `${(time - start) / 1000}s`;
  const events = arrivals.map(({ at, time, sequence, data }) => ({ at: offset(at), ...(time !== at && { time: offset(time) }), sequence, ...data }));
  const line = ({ at, partition, episode, status, reason, state, severity, startsAt, endsAt }: Transition): string =>
    `${offset(at)} ${JSON.stringify(partition)} #${episode} ${status} ${reason} ${state} ${severity} from ${startsAt === null ? '-' : offset(startsAt)} to ${endsAt === null ? '-' : offset(endsAt)}`;
  const [lines, gotLines] = [expected.map(line), got.map(line)];
  const first = lines.findIndex((each, index) => each !== gotLines[index]);
  return [
    '',
    stringify({ rule, events, until: offset(until) }, { flowCollectionPadding: true, collectionStyle: 'any' }),
    `expected by the reference${first < 0 ? '' : `, different from number ${first + 1}`}:`,
    ...lines.map((each) => `  ${each}`),
    'got from the core:',
    ...gotLines.map((each) => `  ${each}`),
  ].join('\n');
}
