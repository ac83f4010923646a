import { parseTime } from '../../core/model/event/event.ts';
import { formatDuration, parseDuration } from '../../core/primitives/text/duration.ts';
import { RequestError } from '../errors.ts';

/** Longer than the streams keep events by default. */
const LONGEST_AGO_MS = 31 * 86_400_000;

/** A time in the past (epoch ms), from an ISO 8601 time or a duration back from now. @throws RequestError REQUEST_INVALID */
export function pastTimeOf(field: string, value: unknown): number {
  const nowMs = Date.now();
  const ageMs = typeof value === 'string' ? parseDuration(value) : undefined;
  const timeMs = ageMs === undefined ? (typeof value === 'string' ? parseTime(value) : undefined) : nowMs - ageMs;
  if (timeMs !== undefined && timeMs <= nowMs && timeMs >= nowMs - LONGEST_AGO_MS) return timeMs;
  const advice = `"${field}" must be a duration such as 24h, or an ISO 8601 time in the past, at most ${formatDuration(LONGEST_AGO_MS)} ago.`;
  throw new RequestError('REQUEST_INVALID', advice, {
    [field]: typeof value === 'string' ? value.slice(0, 200) : null,
  });
}
