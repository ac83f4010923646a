const UNITS: readonly [name: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** How far a time (ISO 8601) is from now (epoch ms), such as `5 min ago` or `in 3 s`. */
export function ageText(iso: string, nowMs: number): string {
  const seconds = Math.round((nowMs - Date.parse(iso)) / 1_000);
  const size = Math.abs(seconds);
  const unit = UNITS.find(([, each]) => size >= each);
  if (unit === undefined) return 'now';
  const amount = `${Math.floor(size / unit[1])} ${unit[0]}`;
  return seconds > 0 ? `${amount} ago` : `in ${amount}`;
}
