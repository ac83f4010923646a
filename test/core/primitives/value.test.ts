import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { boundValue, showValue, type Value } from '../../../src/core/primitives/value.ts';

const longest = 'x'.repeat(LIMITS.textLength);

describe('the stored value of a property', () => {
  it.each<[what: string, value: unknown, kept: Value | undefined]>([
    ['null unchanged', null, null],
    ['false unchanged', false, false],
    ['a number unchanged', 0, 0],
    ['no number that JSON cannot express', Number.NaN, undefined],
    ['the longest string unchanged', longest, longest],
    ['of a longer string its beginning, opaque', `${longest}y`, { json: longest }],
    ['of an object its JSON', { a: [1] }, { json: '{"a":[1]}' }],
    ['nothing if the property is missing', undefined, undefined],
  ])('%s', (_what, value, kept) => expect(boundValue(value)).toEqual(kept));

  it.each<[Value, unknown]>([
    [null, null],
    ['a', 'a'],
    [{ json: '{"a":1}' }, '{"a":1}'],
  ])('%j is shown as %j', (value, shown) => expect(showValue(value)).toBe(shown));
});
