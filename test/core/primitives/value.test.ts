import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { boundValue, showValue, type Value } from '../../../src/core/primitives/value.ts';

const longest = 'x'.repeat(LIMITS.textLength);

describe('what is kept of a property', () => {
  it.each<[what: string, value: unknown, kept: Value | undefined]>([
    ['null as it is', null, null],
    ['false as it is', false, false],
    ['a number as it is', 0, 0],
    ['no number that JSON cannot say', Number.NaN, undefined],
    ['the longest text as it is', longest, longest],
    ['of a longer text its beginning, no longer a text to compare', `${longest}y`, { json: longest }],
    ['of an object its JSON', { a: [1] }, { json: '{"a":[1]}' }],
    ['nothing of what is not there', undefined, undefined],
  ])('%s', (_what, value, kept) => expect(boundValue(value)).toEqual(kept));

  it.each<[Value, unknown]>([
    [null, null],
    ['a', 'a'],
    [{ json: '{"a":1}' }, '{"a":1}'],
  ])('%j is shown as %j', (value, shown) => expect(showValue(value)).toBe(shown));
});
