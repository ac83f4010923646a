import type { Acknowledgement, AlertData, AlertStatus, Snooze } from '../model/alert/alert.ts';
import type { Mark, SnoozeMark } from '../model/partition-set/partition-set-state.ts';
import type { ToldAlert } from '../model/alert/stream-alerts.ts';

/** What an alert id says: `<set id>[/<partition>]#<generation>.<episode>:<status>[.<turn>][@<ms>]`. */
export interface AlertIdParts {
  /** Set id and partition. */
  whose: string;
  generation: string;
  episode: number;
  status: AlertStatus;
  /** Which change of the episode it is; null for a status that is not counted. */
  turn: number | null;
  /** Epoch ms; null for a status that comes once in an episode. */
  momentMs: number | null;
}

const TAIL = /^(.+)\.(\d+):([a-z]+)(?:\.(\d+))?(?:\.[^@]*)?(?:@(\d+))?$/i;

/** Null for the id of what is no alert of a partition set. */
export function readAlertId(id: string): AlertIdParts | null {
  const hash = id.lastIndexOf('#');
  const parts = hash === -1 ? null : TAIL.exec(id.slice(hash + 1));
  if (parts === null) return null;
  const [, generation = '', episode, status, turn, momentMs] = parts;
  return {
    whose: id.slice(0, hash),
    generation,
    episode: Number(episode),
    status: status as AlertStatus,
    turn: turn === undefined ? null : Number(turn),
    momentMs: momentMs === undefined ? null : Number(momentMs),
  };
}

/** Statuses that follow from events and time, and change the alert. */
export const TRANSITIONS: ReadonlySet<AlertStatus> = new Set<AlertStatus>([
  ...(['firing', 'resolved', 'severity', 'latched', 'unlatched'] as const),
]);

/** Statuses that tell what somebody did. */
export const ACTIONS: ReadonlySet<AlertStatus> = new Set<AlertStatus>([
  ...(['acknowledged', 'unacknowledged', 'snoozed', 'unsnoozed'] as const),
]);

/** The part of an alert id that is its own in its set and partition. */
export const tailOf = (id: string): string => id.slice(Math.max(0, id.lastIndexOf('#')));

/** The state of an alert, as far as its newest message tells it, and the ids of those before. */
export function alertStateOf(
  data: Pick<AlertData, 'state' | 'episode' | 'severity' | 'startsAt' | 'stoppedAt' | 'acknowledged' | 'snoozed'>,
  { changes, actedAt }: { changes: number; actedAt: number | null },
): ToldAlert {
  const { state: phase, episode, severity, startsAt, stoppedAt, acknowledged, snoozed } = data;
  const fires = phase === 'firing';
  return {
    ...{ severity, episode },
    ...(changes > 0 && { changes }),
    ...(fires && { phase }),
    ...(fires && startsAt !== null && { since: Date.parse(startsAt) }),
    ...(fires && stoppedAt !== undefined && { latched: true }),
    ...(fires && acknowledged !== undefined && { acknowledged: markOf(acknowledged) }),
    ...(snoozed !== undefined && { snoozed: { ...markOf(snoozed), until: Date.parse(snoozed.until) } }),
    ...(actedAt !== null && { actedAt }),
  };
}

const markOf = ({ by, at, note }: Acknowledgement | Snooze): Mark & Partial<SnoozeMark> => ({
  by,
  at: Date.parse(at),
  ...(note !== undefined && { note }),
});
