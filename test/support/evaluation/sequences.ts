import { alertsOf, driver } from './driver.ts';

export const is = (state: string) => [{ property: 'state', equals: state }];

/** [seconds, state, event time in seconds]. */
export type Sent = [at: number, state: string, own?: number];

/** What is sent, and when the sequence then fires. */
export type Case = [what: string, sent: Sent[], expected: number[]];

/** Steps that match the states `a`, `b` and `c`. */
export const [a, b, c] = ['a', 'b', 'c'].map((state) => ({ where: is(state) })) as [object, object, object];
/** Ten seconds without `x`. */
export const noX = { not: { where: is('x') }, within: '10s' };
export const unless = { unless: { where: is('u') } };

/** A partition set with the sequence of partition `a`, after these events. */
export function sequenceOf(evaluate: { steps: object[]; within?: string }, sent: readonly Sent[]) {
  const set = driver({
    id: 'r',
    clientId: 'c',
    where: [{ property: 'm', equals: '*' }],
    partitionBy: ['m'],
    evaluate: { type: 'sequence', ...evaluate },
  });
  for (const [at, state, time = at] of sent) set.send(at, { m: 'a', state, time });
  return set;
}

/** When such a sequence fires until second 100. */
export function fires(evaluate: { steps: object[]; within?: string }, sent: readonly Sent[]): number[] {
  return changes(evaluate, sent, 'firing');
}

/** When such a sequence resolves until second 100. */
export function resolves(evaluate: { steps: object[]; within?: string }, sent: readonly Sent[]): number[] {
  return changes(evaluate, sent, 'resolved');
}

function changes(evaluate: { steps: object[]; within?: string }, sent: readonly Sent[], wanted: string): number[] {
  const set = sequenceOf(evaluate, sent);
  set.advance(100);
  return alertsOf(set).flatMap(({ at, status }) => (status === wanted ? [at] : []));
}
