import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { cutToBytes, jsonBytes, utf8Bytes } from '../../../../src/core/primitives/text/bytes.ts';

const realJsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** Whole characters, lone surrogates, and characters that JSON escapes. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
);

describe('bytes of JSON', () => {
  it.each<[string, unknown]>([
    ['ASCII', 'machine-1'],
    ['characters that JSON escapes with two', '"\\\b\t\n\f\r'],
    ['control characters', '\u0000\u0001\u001f'],
    ['delete, which is not escaped', '\u007f'],
    ['two, three and four bytes', 'ü温😀'],
    ['lone surrogates', '\ud83d, \ude00\ud83d'],
    ['numbers', [0, -0, 1e21, 0.1 + 0.2, Number.NaN]],
    ['an object with undefined values', { a: undefined, ü: [undefined, null, true] }],
  ])('of %s', (_what, value) => expect(jsonBytes(value)).toBe(realJsonBytes(value)));

  it('are 0 for undefined', () => expect(jsonBytes(undefined)).toBe(0));

  test.prop([texts])('of every string', (text) => {
    expect(jsonBytes(text)).toBe(realJsonBytes(text));
  });
  test.prop([fc.jsonValue()])('of every value', (value) => {
    expect(jsonBytes(value)).toBe(realJsonBytes(value));
  });
});

describe('bytes of UTF-8', () => {
  test.prop([texts])('of every string', (text) => {
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
  });
});

describe('a cut string', () => {
  it('stays whole if it just fits', () => expect(cutToBytes('温"', 7)).toBe('温"'));
  it('loses what does not fit', () => expect(cutToBytes('温"', 6)).toBe('温'));
  it('never ends in half a surrogate pair', () => expect(cutToBytes('a😀', 6)).toBe('a'));

  test.prop([texts, fc.integer({ min: 2, max: 60 })])(
    'fits, begins as it did, and could not be longer',
    (text, most) => {
      const cut = cutToBytes(text, most);
      expect(realJsonBytes(cut)).toBeLessThanOrEqual(most);
      expect(text.startsWith(cut)).toBe(true);
      const next = text.codePointAt(cut.length);
      if (next !== undefined) expect(realJsonBytes(cut + String.fromCodePoint(next))).toBeGreaterThan(most);
    },
  );
});
