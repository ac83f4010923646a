import type { ProcessList, VigilProcess } from '../../server/wire.ts';

export interface ProcessRow extends Pick<VigilProcess, 'id' | 'host' | 'pid' | 'version' | 'startedAt' | 'lastSeenAt'> {
  /** Those that run in it. */
  parts: { name: string; state: VigilProcess['parts'][string] }[];
  /** `0–3, 7`; empty: it reads none. */
  lanes: string;
  /** It has missed heartbeats: it has stopped, or cannot reach NATS. */
  isSilent: boolean;
  /** When it last asked Temporal for a task; null: it does not. */
  polledAt: string | null;
}

/** Three heartbeats. */
const SILENT_MS = 15_000;
/** Both are servers that all processes share: the list of parts above has them. */
const SERVERS = ['temporal', 'nats'];

export const processRows = ({ processes, pollers }: ProcessList, nowMs: number): ProcessRow[] =>
  processes.map(({ parts, lanes, ...process }) => ({
    ...process,
    parts: Object.entries(parts)
      .filter(([name, state]) => state !== 'off' && !SERVERS.includes(name))
      .map(([name, state]) => ({ name, state })),
    lanes: rangesText(lanes),
    isSilent: nowMs - Date.parse(process.lastSeenAt) > SILENT_MS,
    polledAt: pollers?.find(({ identity }) => identity === identityOf(process))?.polledAt ?? null,
  }));

/** Workers that ask Temporal for vigil's tasks, but are no process that vigil knows. */
export function unknownPollers({ processes, pollers }: ProcessList): { identity: string; polledAt: string }[] {
  const known = new Set(processes.map(identityOf));
  return (pollers ?? []).filter(({ identity }) => !known.has(identity));
}

const identityOf = ({ pid, host }: Pick<VigilProcess, 'pid' | 'host'>): string => `${pid}@${host}`;

/** Ascending numbers as ranges. */
function rangesText(numbers: readonly number[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const next of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && next === last[1] + 1) last[1] = next;
    else ranges.push([next, next]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}
