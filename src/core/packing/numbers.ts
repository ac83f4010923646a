import type { Column } from './packed.ts';

/** Packs numbers in the shortest way. */
export function numbersIn(values: readonly number[]): Column {
  const smallest = values.reduce((a, b) => Math.min(a, b), Infinity);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!values.every(Number.isSafeInteger) || !Number.isSafeInteger(largest - smallest)) return ['v', values];
  const added = values.map((value) => value - smallest);
  const steps = values.map((value, place) => value - (values[place - 1] ?? 0));
  const [fromBase, bySteps] = [digitsOf(added) + digitsOf([smallest]), digitsOf(steps)];
  if (Math.min(fromBase, bySteps) >= digitsOf(values)) return ['v', values];
  return fromBase <= bySteps ? ['+', smallest, added] : ['>', steps];
}

/** Characters of whole numbers as JSON, commas aside. */
function digitsOf(values: readonly number[]): number {
  let digits = 0;
  for (const value of values) {
    digits += value < 0 ? 2 : 1;
    for (let rest = Math.abs(value); rest >= 10; rest /= 10) digits += 1;
  }
  return digits;
}
