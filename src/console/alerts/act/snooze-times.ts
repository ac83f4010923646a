const MINUTE_MS = 60_000;
const MORNING_HOUR = 8;

export interface SnoozeTime {
  name: string;
  /** Its end, if it begins now. */
  until: (now: Date) => Date;
}

const after =
  (minutes: number) =>
  (now: Date): Date =>
    new Date(now.getTime() + minutes * MINUTE_MS);

/** Of the local day after now. */
function tomorrowMorning(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING_HOUR);
}

export const SNOOZE_TIMES: readonly SnoozeTime[] = [
  { name: '15 minutes', until: after(15) },
  { name: '1 hour', until: after(60) },
  { name: '4 hours', until: after(240) },
  { name: 'Until tomorrow 8:00', until: tomorrowMorning },
];
