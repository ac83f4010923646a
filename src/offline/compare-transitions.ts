import type { AlertData } from '../core/model/alert/alert.ts';
import { inMemory } from '../core/primitives/numbers/whole-number.ts';
import { momentMs } from './moment.ts';
import type { Expectation } from './rule-test-schema.ts';

/** An expected and an actual transition, side by side. */
export interface TransitionPair {
  expected?: Expectation;
  got?: AlertData;
  matches: boolean;
}

/**
 * Compares expected with actual transitions, both in time order. Only the fields that an expectation sets are compared.
 * Transitions at the same time may be listed in any order.
 */
export function compareTransitions(
  expected: readonly Expectation[],
  got: readonly AlertData[],
  startMs: number,
): TransitionPair[] {
  const expectedAt = byMoment(expected, ({ at }) => momentMs(at, startMs) ?? NaN);
  const gotAt = byMoment(got, ({ evaluatedAt }) => Date.parse(evaluatedAt));
  const moments = [...new Set([...expectedAt.keys(), ...gotAt.keys()])].sort((a, b) => a - b);
  return moments.flatMap((moment) => sideBySide(expectedAt.get(moment) ?? [], gotAt.get(moment) ?? [], startMs));
}

function byMoment<T>(items: readonly T[], momentOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const moment = momentOf(item);
    const group = groups.get(moment);
    if (group === undefined) groups.set(moment, [item]);
    else group.push(item);
  }
  return groups;
}

function sideBySide(expected: readonly Expectation[], got: readonly AlertData[], startMs: number): TransitionPair[] {
  const pairs = pairUp(expected, got, startMs);
  const unpaired = got.filter((_alert, index) => !pairs.includes(index));
  const rows = expected.map((expectation, index): TransitionPair => {
    const partner = got[pairs[index] ?? -1];
    if (partner !== undefined) return { expected: expectation, got: partner, matches: true };
    const other = unpaired.shift();
    return { expected: expectation, ...(other && { got: other }), matches: false };
  });
  return [...rows, ...unpaired.map((alert) => ({ got: alert, matches: false }))];
}

/** For each expectation the index of a matching alert, so that as many as possible have one (augmenting paths). */
function pairUp(expected: readonly Expectation[], got: readonly AlertData[], startMs: number): (number | undefined)[] {
  const owners = new Map<number, number>();
  const place = (index: number, tried: Set<number>): boolean =>
    got.some((alert, candidate) => {
      if (tried.has(candidate) || !fits(expected[index] as Expectation, alert, startMs)) return false;
      tried.add(candidate);
      const owner = owners.get(candidate);
      if (owner !== undefined && !place(owner, tried)) return false;
      owners.set(candidate, index);
      return true;
    });
  expected.forEach((_expectation, index) => place(index, new Set()));
  const pairs: (number | undefined)[] = expected.map(() => undefined);
  for (const [candidate, index] of owners) pairs[index] = candidate;
  return pairs;
}

/** Whether the alert has all fields that the expectation sets. */
function fits({ at: _at, startsAt, endsAt, ...fields }: Expectation, alert: AlertData, startMs: number): boolean {
  const moments = [
    [startsAt, alert.startsAt],
    [endsAt, alert.endsAt],
  ] as const;
  if (
    !moments.every(([text, iso]) => text === undefined || (iso !== null && momentMs(text, startMs) === Date.parse(iso)))
  )
    return false;
  return Object.entries(fields).every(
    ([field, value]) => value === undefined || isSame(value, alert[field as keyof typeof fields]),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  const [a, b] = [inMemory(one), inMemory(other)];
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    keys.length === others.length && keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}
