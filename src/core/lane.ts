const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * The lane of a client's events, 0 … lanes − 1: FNV-1a, 32 bit. A client is in one lane with all that it sends, so each of
 * its sets sees its events in the order of the stream.
 */
export function laneOf(clientId: string, lanes: number): number {
  let hash = OFFSET;
  for (let index = 0; index < clientId.length; index++) hash = Math.imul(hash ^ clientId.charCodeAt(index), PRIME);
  return (hash >>> 0) % lanes;
}
