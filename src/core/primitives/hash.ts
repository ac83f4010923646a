const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a of a text's code units, 32 bit, unsigned; from the end on when `backwards`. Spreads well; nothing secret hangs on it. */
export function fnv1a(text: string, backwards = false): number {
  let hash = OFFSET;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(backwards ? text.length - 1 - index : index), PRIME);
  return hash >>> 0;
}

/** Two hashes, over the text and over its reverse: tells long ids of one rule apart. */
export const hashText = (text: string): string => fnv1a(text).toString(36) + fnv1a(text, true).toString(36);
