import { expect, it } from 'vitest';
import { nearestWord } from '../../../../src/core/primitives/text/nearest-word.ts';

const WORDS = ['evaluate', 'having', 'for', 'keepFiringFor', 'staleAfter', 'noData', 'equals', 'in'];

it.each([
  ['evalute', 'evaluate'],
  ['keepfiringfor', 'keepFiringFor'],
  ['nodata', 'noData'],
  ['equal', 'equals'],
  ['havign', 'having'],
  ['fro', 'for'],
  ['stale_after', 'staleAfter'],
  ['in', 'in'],
])('"%s" suggests %s', (text, word) => expect(nearestWord(text, WORDS)).toBe(word));

it.each(['', 'xyz', 'completelyDifferent', 'q'.repeat(1000)])('"%s" suggests nothing', (text) =>
  expect(nearestWord(text, WORDS)).toBeUndefined(),
);
