import type { Scalar } from '../primitives/value.ts';
import { numbersIn } from './numbers.ts';
import type { Column } from './packed.ts';

type Kind = 'absent' | 'number' | 'scalar' | 'list' | 'record';
type Fields = Readonly<Record<string, unknown>>;

/** More different values than this are written plainly. */
const FEW = 10;

/** Packs values of plain JSON; `undefined` is a field that is absent. */
export function packColumn(values: readonly unknown[]): Column {
  const usual = mostCommon(values);
  if (isScalar(usual)) {
    const others = values.filter((value) => value !== usual).length;
    if (others === 0) return usual === undefined ? ['-'] : ['=', usual];
    if (others * 2 < values.length) return apart(values, (value) => value !== usual);
  }
  const kinds = values.map(kindOf);
  const kind = kinds[0] ?? 'absent';
  if (kinds.some((each) => each !== kind)) return apart(values, (value) => kindOf(value) !== kind);
  switch (kind) {
    case 'absent':
      return ['-'];
    case 'number':
      return numbersIn(values as number[]);
    case 'scalar':
      return scalarsIn(values as Scalar[]);
    case 'list':
      return listsIn(values as unknown[][]);
    case 'record':
      return recordsIn(values as Fields[]);
  }
}

/** Packs some values in a column of their own. */
function apart(values: readonly unknown[], isOther: (value: unknown) => boolean): Column {
  const gaps: number[] = [];
  let before = -1;
  for (const [place, value] of values.entries()) {
    if (!isOther(value)) continue;
    gaps.push(place - before);
    before = place;
  }
  return ['|', gaps, packColumn(values.filter(isOther)), packColumn(values.filter((value) => !isOther(value)))];
}

function scalarsIn(values: readonly Scalar[]): Column {
  const places = new Map<Scalar, number>();
  for (const value of values) if (places.size <= FEW && !places.has(value)) places.set(value, places.size);
  if (places.size > FEW || places.size * 2 > values.length) return ['v', values];
  return ['e', [...places.keys()], values.map((value) => places.get(value) ?? 0)];
}

function listsIn(values: readonly (readonly unknown[])[]): Column {
  const length = values[0]?.length ?? 0;
  // Lists of lists and of records are long, and their elements are alike.
  const isTuple = length > 0 && values.every((list) => list.length === length && isScalar(list[0]));
  if (isTuple) return ['t', Array.from({ length }, (_, place) => packColumn(values.map((list) => list[place])))];
  return ['l', packColumn(values.map((list) => list.length)), packColumn(values.flat(1))];
}

function recordsIn(values: readonly Fields[]): Column {
  const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
  const column = (name: string): Column =>
    packColumn(values.map((value) => (Object.hasOwn(value, name) ? value[name] : undefined)));
  return ['r', names, names.map(column)];
}

const isScalar = (value: unknown): value is Scalar | undefined => typeof value !== 'object' || value === null;

function kindOf(value: unknown): Kind {
  if (value === undefined) return 'absent';
  if (typeof value === 'number') return 'number';
  if (typeof value !== 'object' || value === null) return 'scalar';
  return Array.isArray(value) ? 'list' : 'record';
}

/** The value that more than half of the values are, if there is one. */
function mostCommon(values: readonly unknown[]): unknown {
  let candidate: unknown;
  let lead = 0;
  for (const value of values) {
    if (lead === 0) candidate = value;
    lead += value === candidate ? 1 : -1;
  }
  return candidate;
}
