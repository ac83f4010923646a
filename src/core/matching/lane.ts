import { fnv1a } from '../primitives/text/hash.ts';

/**
 * The lane of a client's events, 0 … lanes − 1. All events of a client are in one lane, so each of its partition sets
 * sees them in stream order.
 */
export const laneOf = (clientId: string, lanes: number): number => fnv1a(clientId) % lanes;
