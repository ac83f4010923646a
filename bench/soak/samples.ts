import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/dev-servers/processes/command.ts';
import { readPidFile } from '../../src/dev-servers/processes/pid-file.ts';

/** One sample, taken every few seconds. Memory in MB. */
export interface Sample {
  minute: number;
  rss: number;
  heapUsed: number;
  temporalRss: number;
  natsRss: number;
  /** Of the slowest lane: messages that Temporal has not accepted, and the age of the oldest, seconds. */
  lagMessages: number;
  lagSeconds: number;
  /** Parked clients. */
  aside: number;
  /** Deliveries that workflows have applied. */
  applied: number;
  signals: number;
  alerts: number;
}

/** Bytes per MB. */
export const MB = 1024 * 1024;
const KB_PER_MB = 1024;

/** The values of a metric's series, optionally only those with a label. */
function series(text: string, name: string, label = ''): number[] {
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)) && line.includes(label));
  return lines.map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

export async function metricsOf(url: string): Promise<Omit<Sample, 'minute' | 'temporalRss' | 'natsRss'>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const one = (name: string): number => {
    const [value] = series(text, name);
    if (value === undefined) throw new Error(`/metrics has no ${name}`);
    return value;
  };
  return {
    rss: one('process_resident_memory_bytes') / MB,
    heapUsed: one('nodejs_heap_size_used_bytes') / MB,
    lagMessages: Math.max(0, ...series(text, 'vigil_lane_lag_messages')),
    lagSeconds: Math.max(0, ...series(text, 'vigil_lane_lag_seconds')),
    aside: sum(series(text, 'vigil_lane_tenants_aside')),
    applied: sum(series(text, 'vigil_events_applied_total')),
    signals: sum(series(text, 'vigil_signals_total', 'accepted')),
    alerts: sum(series(text, 'vigil_alerts_published_total')),
  };
}

/** Resident memory of a server that vigil's code started with this data directory, MB. */
export async function serverRss(dataDir: string, server: 'temporal' | 'nats'): Promise<number> {
  const { pid } = (await readPidFile(join(dataDir, `${server}.pid`))) ?? { pid: 0 };
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kilobytes =
    status === undefined
      ? await run('ps', ['-o', 'rss=', '-p', String(pid)], { env: process.env })
      : (/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? '');
  return Number(kilobytes) / KB_PER_MB;
}
