import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { packageVersion } from '../api/package-files.ts';
import type { HealthReport } from '../api/ports/service.ts';
import type { ProcessesBucket } from '../nats/buckets/processes-bucket.ts';
import type { Log } from '../observability/log.ts';

export interface Announced {
  /** Says which lanes this process reads. */
  setLanes(lanes: readonly number[]): void;
  /** Others do not list it any more. */
  stop(): Promise<void>;
}

const BEAT_MS = 5_000;

/** Says every 5 seconds that this process is there, and what it does, so that every process can list all of them. */
export function announceProcess(
  processes: Pick<ProcessesBucket, 'beat' | 'leave'>,
  report: () => HealthReport,
  log: Log,
): Announced {
  const self = {
    ...{ id: randomUUID(), host: hostname(), pid: process.pid, version: packageVersion() },
    startedAt: new Date(Date.now() - process.uptime() * 1_000).toISOString(),
  };
  let lanes: readonly number[] = [];
  let sending: Promise<void> | null = null;
  const beat = (): void => {
    const parts = Object.fromEntries(Object.entries(report().parts).map(([name, { state }]) => [name, state]));
    sending ??= processes
      .beat({ ...self, parts, lanes: [...lanes] })
      .catch((error: unknown) => log.warn({ err: error }, 'heartbeat of this process failed'))
      .finally(() => (sending = null));
  };
  beat();
  const beats = setInterval(beat, BEAT_MS);
  return {
    setLanes(now) {
      lanes = now;
      beat();
    },
    async stop() {
      clearInterval(beats);
      await sending;
      await processes.leave(self.id);
    },
  };
}
