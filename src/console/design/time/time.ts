/** The local time of day, such as 18:04:09. */
export const clockTime = (iso: string): string => new Date(iso).toLocaleTimeString([], { hour12: false });

/** The local day and time, such as 28 Nov, 18:04:09. */
export const dayTime = (iso: string): string =>
  `${new Date(iso).toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${clockTime(iso)}`;

const SECOND_MS = 1_000;
const UNITS: readonly [name: string, ms: number][] = [
  ['d', 86_400 * SECOND_MS],
  ['h', 3_600 * SECOND_MS],
  ['min', 60 * SECOND_MS],
  ['s', SECOND_MS],
];

/** A duration in its largest unit, such as 12 min. */
export function durationText(ms: number): string {
  const [name, unitMs] = UNITS.find(([, each]) => ms >= each) ?? ['s', SECOND_MS];
  return `${Math.max(0, Math.floor(ms / unitMs))} ${name}`;
}

/** The local date and time, such as 2026-11-28 18:04:09. */
export const dateTime = (iso: string): string => `${new Date(iso).toLocaleDateString('sv')} ${clockTime(iso)}`;

const ISO_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** A text of vigil with its times as people read them here. */
export const withLocalTimes = (text: string): string => text.replace(ISO_TIME, dayTime);
