/** 18:04:09, by the clock of whoever looks. */
export const clockTime = (iso: string): string => new Date(iso).toLocaleTimeString([], { hour12: false });
