const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** 32-bit unsigned FNV-1a over the code units of a string, optionally backwards. Well distributed; not for security. */
export function fnv1a(text: string, backwards = false): number {
  let hash = OFFSET;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(backwards ? text.length - 1 - index : index), PRIME);
  return hash >>> 0;
}

/** Two hashes, of the string and of its reverse: distinguishes long ids within one rule. */
export const hashText = (text: string): string => fnv1a(text).toString(36) + fnv1a(text, true).toString(36);
