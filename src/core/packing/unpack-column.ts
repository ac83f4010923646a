import type { Column } from './packed.ts';

/** The values of a column of so many values: `undefined` where the field is absent. Whatever is no scalar is new. */
export function unpackColumn(column: Column, count: number): unknown[] {
  switch (column[0]) {
    case '-':
      return Array.from({ length: count });
    case '=':
      return Array.from({ length: count }, () => column[1]);
    case 'v':
      return [...column[1]];
    case 'e':
      return column[2].map((place) => column[1][place]);
    case '+':
      return column[2].map((added) => column[1] + added);
    case '>':
      return sums(column[1]);
    case 'l':
      return listsOf(unpackColumn(column[1], count) as number[], column[2]);
    case 't':
      return rowsOf(column[1], count);
    case 'r':
      return rowsOf(column[2], count).map((row) => recordOf(column[1], row));
    case '|':
      return together(column, count);
  }
}

function sums(steps: readonly number[]): number[] {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

function listsOf(lengths: readonly number[], elements: Column): unknown[][] {
  const ends = sums(lengths);
  const all = unpackColumn(elements, ends.at(-1) ?? 0);
  return ends.map((end, place) => all.slice(end - (lengths[place] ?? 0), end));
}

function rowsOf(columns: readonly Column[], count: number): unknown[][] {
  const unpacked = columns.map((column) => unpackColumn(column, count));
  return Array.from({ length: count }, (_, place) => unpacked.map((values) => values[place]));
}

const recordOf = (names: readonly string[], row: readonly unknown[]): object =>
  Object.fromEntries(names.flatMap((name, place) => (row[place] === undefined ? [] : [[name, row[place]] as const])));

function together([, gaps, others, most]: Extract<Column, ['|', ...unknown[]]>, count: number): unknown[] {
  const places = sums(gaps).map((sum) => sum - 1);
  const values = unpackColumn(most, count - places.length);
  const all: unknown[] = [];
  let from = 0;
  for (const [index, other] of unpackColumn(others, places.length).entries()) {
    const until = (places[index] ?? 0) - index;
    for (; from < until; from++) all.push(values[from]);
    all.push(other);
  }
  for (; from < values.length; from++) all.push(values[from]);
  return all;
}
