import { parseDuration } from '../../src/core/primitives/text/duration.ts';

/** A duration in milliseconds; what is not there lasts no time. */
export const ms = (duration: string | undefined): number =>
  duration === undefined ? 0 : (parseDuration(duration) ?? Number.NaN);
