import { z } from 'zod';

/**
 * Which quota of events held from when on. An event that is read again counts exactly if it did at first, so the reader
 * needs the quota of the moment at which the stream stored it, not the one of now.
 */
export const eventRates = z.array(
  z.object({
    /** Of the stored time of events, epoch ms: a whole minute. */
    fromMs: z.int().nonnegative(),
    /** Null: no quota. Absent: the default. */
    perSecond: z.int().positive().nullable().optional(),
  }),
);
export type EventRates = z.infer<typeof eventRates>;

/** Changes that are kept. The oldest ones are older than the event stream, unless somebody changes a quota all the time. */
const MOST_CHANGES = 100;
const MINUTE_MS = 60_000;
/** So long a change is ahead at least, so that every reader knows it when the first event of its time is stored. */
const AHEAD_MS = 30_000;

/** The whole minute from which a change of now holds, epoch ms. */
export const inForceFrom = (nowMs: number): number => Math.ceil((nowMs + AHEAD_MS) / MINUTE_MS) * MINUTE_MS;

/** With the quota that holds from the next minute on. The same list if it is the newest already. */
export function withEventRate(rates: EventRates, perSecond: number | null | undefined, nowMs: number): EventRates {
  if (rates.at(-1)?.perSecond === perSecond) return rates;
  const fromMs = inForceFrom(nowMs);
  const others = rates.filter((rate) => rate.fromMs < fromMs);
  return [...others, { fromMs, ...(perSecond !== undefined && { perSecond }) }].slice(-MOST_CHANGES);
}

/** Events a second at a time (epoch ms), null without a quota. `defaults`: the quotas of clients without one. */
export function eventRateAt(rates: EventRates, defaults: EventRates, atMs: number): number | null {
  const own = rateAt(rates, atMs);
  return (own === undefined ? rateAt(defaults, atMs) : own) ?? null;
}

const rateAt = (rates: EventRates, atMs: number): number | null | undefined =>
  rates.findLast(({ fromMs }) => fromMs <= atMs)?.perSecond;
