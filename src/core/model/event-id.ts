import { getter } from '../primitives/path.ts';
import type { VigilEvent } from './event.ts';

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
