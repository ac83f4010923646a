/** The local time of day, such as 18:04:09. */
export const clockTime = (iso: string): string => new Date(iso).toLocaleTimeString([], { hour12: false });
