import { asNumber } from '../../primitives/numbers/as-number.ts';
import { Elements } from '../../primitives/elements.ts';
import { boundValue, isElements, type Value } from '../../primitives/value.ts';
import { inMemory } from '../../primitives/numbers/whole-number.ts';

/* Comparisons of paths with `[*]`: any element that satisfies is enough. */

/** The values of what a path with `[*]` finds, in an event or in state. A property of that very name is one value. */
export function elementsOf(found: unknown, as?: 'number'): readonly unknown[] {
  const values = found instanceof Elements ? found.values : isElements(found) ? found.each.map(inMemory) : [found];
  return (as === 'number' ? values.map(asNumber) : values).filter((value) => value !== undefined);
}

/** Whether one of the values passes; without any, whether no value does. Undefined if that is unknown. */
export function anyElement<Answer extends boolean | undefined>(
  values: readonly unknown[],
  test: (value: unknown) => Answer,
): Answer | boolean {
  if (values.length === 0) return test(undefined);
  let answer: Answer | boolean = false;
  for (const value of values) {
    const one = test(value);
    if (one === true) return true;
    if (one === undefined) answer = one;
  }
  return answer;
}

/** The value that `as: number` makes of a stored one. */
export const storedNumber = (value: Value | undefined): Value | undefined =>
  boundValue(isElements(value) ? new Elements(elementsOf(value, 'number')) : asNumber(inMemory(value)));
