import type { Calculation, Predicate } from '../../model/rule/condition-schema.ts';
import type { Accumulator } from '../../model/partition-set/window-state.ts';
import { specOf } from '../../windows/calculations.ts';
import { windowMs, type Leaf } from './leaf.ts';
import { compilePredicate, storedReaderOf } from './predicate.ts';

/* The accumulators that calculations need; equal ones share a slot. */

/** The predicates that choose the events of a calculation. */
export const chosenBy = (node: Calculation): Predicate[] => [
  ...(node.where ?? []),
  ...('among' in node ? (node.among ?? []) : []),
];

/** The slot of a calculation's accumulator, or -1 if it has none. */
export function slotFor(node: Calculation, slots: Accumulator[]): number {
  const kind = specOf(node).store;
  if (kind === null) return -1;
  const property = 'property' in node ? node.property : null;
  const withinMs = windowMs(node);
  const isTimed = withinMs > 0 && withinMs < Infinity;
  const as = 'as' in node ? node.as : undefined;
  const last = 'last' in node ? node.last : undefined;
  // What does not match is a sample, too: of a share, a time, and a number of matches among so many events.
  const countsMatches = node.calc === 'ratio' || (node.calc === 'count' && last !== undefined);
  const scored = countsMatches || node.calc === 'timeIn' ? node.where : undefined;
  const accepted = node.calc === 'ratio' ? node.among : scored === undefined ? node.where : undefined;
  const key = [
    ...(as === undefined ? [] : [as]),
    ...(last === undefined ? [] : [isTimed ? `last ${last} within` : `last ${last}`]),
    `${kind}(${property ?? ''}${isTimed ? `,${withinMs}` : ''})`,
    ...(accepted === undefined ? [] : [`where ${JSON.stringify(accepted)}`]),
    ...(scored === undefined ? [] : [`${countsMatches ? 'ratio' : node.calc} ${JSON.stringify(scored)}`]),
  ].join(' ');
  const slot: Accumulator = { key, kind, property, withinMs };
  if (as !== undefined) slot.as = as;
  if (accepted !== undefined) slot.accepts = compilePredicate({ all: accepted }, storedReaderOf);
  if (last !== undefined) slot.last = last;
  if (scored !== undefined) slot.scores = compilePredicate({ all: scored }, storedReaderOf);
  return placeOf(slot, slots);
}

/** The place of a slot, which is added if no equal one is there. */
function placeOf(slot: Accumulator, slots: Accumulator[]): number {
  const known = slots.findIndex(({ key }) => key === slot.key);
  return known >= 0 ? known : slots.push(slot) - 1;
}

/** `distinct` keeps one sample of each value: with `minSamples`, another slot counts them. -1 if none has to. */
export function countedFor(node: Calculation, slots: Accumulator[]): number {
  if (node.calc !== 'distinct' || node.minSamples === undefined || node.last !== undefined) return -1;
  const own = slots[slotFor(node, slots)] as Accumulator;
  return placeOf({ ...own, key: `count ${own.key}`, kind: 'events' }, slots);
}

export function slotsToFill(leaves: readonly Leaf[]): number[] | null {
  const calculated = leaves.flatMap((leaf) => [leaf, ...(leaf.operands ?? []).map((operand) => operand.calculated)]);
  const slots = calculated.flatMap(({ knowledge, slot }) => (knowledge?.whenFull === true ? [slot] : []));
  return slots.length === 0 ? null : slots;
}
