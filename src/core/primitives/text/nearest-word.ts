import { distance } from 'fastest-levenshtein';

const MAX_DISTANCE = 3;

/** The word that `text` was most likely meant to be (Levenshtein distance), or undefined when none is near. */
export function nearestWord(text: string, words: readonly string[]): string | undefined {
  const near = words
    .map((word) => ({ word, edits: distance(text.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, edits }) => edits <= Math.min(MAX_DISTANCE, Math.ceil(word.length / 2)))
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.word;
}
