import { fnv1a } from '../primitives/hash.ts';

/**
 * The lane of a client's events, 0 … lanes − 1. A client is in one lane with all that it sends, so each of its sets sees its
 * events in the order of the stream.
 */
export const laneOf = (clientId: string, lanes: number): number => fnv1a(clientId) % lanes;
