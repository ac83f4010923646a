import { getter } from '../../primitives/path.ts';
import type { VigilEvent } from './event.ts';

/** An event with the id of one that the stream stored less than this before it is a repetition. */
export const EVENT_ID_WINDOW_MS = 2 * 60_000;

/** What identifies an event among those of its client; undefined: nothing, so that it counts whenever it is sent. */
export type IdOf = (event: VigilEvent) => string | undefined;

/** @param property path of the data that has the id; else a CloudEvent has one: its source and id */
export function idReader(property: string | undefined): IdOf {
  if (property === undefined) return ofCloudEvent;
  const read = getter(property);
  return (event) => {
    const value = read(event.data);
    const isId = (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint';
    return isId ? JSON.stringify({ id: String(value) }) : ofCloudEvent(event);
  };
}

const ofCloudEvent: IdOf = ({ id }) => id;

/** Texts of which the JSON of an event with an id has at least one, unless it escapes the names of properties. */
export const idTraces = (property: string | undefined): string[] => [
  '"specversion"',
  ...(property === undefined ? [] : [`${property.slice(property.lastIndexOf('.') + 1)}"`]),
];
