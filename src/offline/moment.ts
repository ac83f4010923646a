import { formatDuration, parseDuration } from '../core/primitives/text/duration.ts';
import { parseTime } from '../core/model/event/event.ts';

/** Epoch ms of an offset from the start (`90s`, `-5m`) or an ISO 8601 time; undefined for anything else. */
export function momentMs(text: string, startMs: number): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const offsetMs = parseDuration(sign < 0 ? text.slice(1) : text);
  return parseTime(offsetMs === undefined ? text : startMs + sign * offsetMs);
}

/** The offset of a time from the start, as tests write it: `1m30s`. */
export function offsetText(atMs: number, startMs: number): string {
  return atMs < startMs ? `-${formatDuration(startMs - atMs)}` : formatDuration(atMs - startMs);
}
