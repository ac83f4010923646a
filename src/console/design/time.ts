/** The local time of day, such as 18:04:09. */
export const clockTime = (iso: string): string => new Date(iso).toLocaleTimeString([], { hour12: false });

/** The local date and time, such as 2026-11-28 18:04:09. */
export const dateTime = (iso: string): string => `${new Date(iso).toLocaleDateString('sv')} ${clockTime(iso)}`;
