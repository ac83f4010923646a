import type { Rule } from '../model/rule/rule-schema.ts';
import type { Scalar } from '../primitives/value.ts';
import type { Leaf } from './conditions/leaf.ts';
import { compilePredicate, type DataTest } from './conditions/predicate.ts';

type Data = Readonly<Record<string, unknown>>;

/** Events that only bring values for operands. */
export interface Settings {
  matches: DataTest;
  /** The slots whose values they bring; empty if no comparison reads the newest value of a property. */
  slots: readonly number[];
  /** The partition of such an event; null: all partitions. Undefined if it has no such place: it brings nothing. */
  placeOf: (data: Data) => Scalar[] | null | undefined;
  /** The same of an event as a partition set receives it: its numbers with many digits are stored ones. */
  placeIn: (data: Data) => Scalar[] | null | undefined;
}

export function compileSettings(
  { settings, partitionBy = [] }: Rule,
  leaves: readonly Leaf[],
  partitionOf: (data: Data) => Scalar[] | undefined,
  partitionIn: (data: Data) => Scalar[] | undefined,
): Settings | null {
  if (settings === undefined) return null;
  const latest = leaves.flatMap(({ operands }) => operands ?? []).filter(({ isLatest }) => isLatest);
  const isIn = compilePredicate({ any: partitionBy.map((property) => ({ property, exists: true })) });
  const placeBy =
    (keyOf: (data: Data) => Scalar[] | undefined): Settings['placeOf'] =>
    (data) =>
      isIn(data) || partitionBy.length === 0 ? keyOf(data) : null;
  return {
    matches: compilePredicate({ all: settings }),
    slots: [...new Set(latest.map(({ calculated }) => calculated.slot))],
    placeOf: placeBy(partitionOf),
    placeIn: placeBy(partitionIn),
  };
}
