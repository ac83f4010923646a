import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { cutToBytes, jsonBytes, utf8Bytes } from '../../../src/core/primitives/bytes.ts';

const realJsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** Whole characters, halves of surrogate pairs, and what JSON escapes. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
);

describe('bytes of JSON', () => {
  it.each<[string, unknown]>([
    ['ASCII', 'machine-1'],
    ['what JSON escapes by two characters', '"\\\b\t\n\f\r'],
    ['control characters', '\u0000\u0001\u001f'],
    ['delete, which is not escaped', '\u007f'],
    ['two, three and four bytes', 'ü温😀'],
    ['halves of surrogate pairs', '\ud83d, \ude00\ud83d'],
    ['numbers', [0, -0, 1e21, 0.1 + 0.2, Number.NaN]],
    ['an object with nothing in a place', { a: undefined, ü: [undefined, null, true] }],
  ])('of %s', (_what, value) => expect(jsonBytes(value)).toBe(realJsonBytes(value)));

  it('are none of nothing', () => expect(jsonBytes(undefined)).toBe(0));

  test.prop([texts])('of every text', (text) => {
    expect(jsonBytes(text)).toBe(realJsonBytes(text));
  });
  test.prop([fc.jsonValue()])('of every value', (value) => {
    expect(jsonBytes(value)).toBe(realJsonBytes(value));
  });
});

describe('bytes of UTF-8', () => {
  test.prop([texts])('of every text', (text) => {
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
  });
});

describe('a text that is cut', () => {
  it('stays whole where it just fits', () => expect(cutToBytes('温"', 7)).toBe('温"'));
  it('loses what does not fit', () => expect(cutToBytes('温"', 6)).toBe('温'));
  it('never has half a surrogate pair', () => expect(cutToBytes('a😀', 6)).toBe('a'));

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
