import { keyText } from '../../one/rule-status.ts';
import type { PreviewedAlert } from '../../types.ts';

/* When alerts would have fired: a lane for each partition, with a span for each episode. */

export interface Span {
  /** Shares of the whole time, 0 to 1. */
  from: number;
  to: number;
  startsAt: string;
  /** Null: it fires at the end. */
  endsAt: string | null;
}

export interface Lane {
  name: string;
  spans: Span[];
}

export function lanesOf(alerts: readonly PreviewedAlert[], since: string, until: string): Lane[] {
  const [sinceMs, untilMs] = [Date.parse(since), Date.parse(until)];
  const share = (iso: string): number =>
    untilMs > sinceMs ? Math.min(1, Math.max(0, (Date.parse(iso) - sinceMs) / (untilMs - sinceMs))) : 0;
  const lanes = new Map<string, Lane>();
  for (const { group, partition, status, at } of alerts) {
    const name = keyText({ ...group, ...partition }) || 'the rule';
    const lane = lanes.get(name) ?? { name, spans: [] };
    const open = lane.spans.findLast(({ endsAt }) => endsAt === null);
    if (status === 'firing' && open === undefined) {
      lane.spans.push({ from: share(at), to: 1, startsAt: at, endsAt: null });
      lanes.set(name, lane);
    }
    if (status !== 'resolved' || open === undefined) continue;
    open.to = share(at);
    open.endsAt = at;
  }
  return [...lanes.values()];
}

/** `2 times: 10:00:00 to 10:05:00, 11:00:00 until now` */
export function laneText({ spans }: Lane, timeText: (iso: string) => string): string {
  const times = spans.map(({ startsAt, endsAt }) =>
    endsAt === null ? `${timeText(startsAt)} until the end` : `${timeText(startsAt)} to ${timeText(endsAt)}`,
  );
  return `${spans.length === 1 ? 'once' : `${spans.length} times`}: ${times.join(', ')}`;
}
