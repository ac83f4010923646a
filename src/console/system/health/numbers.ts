import type { Sample } from './samples.ts';

/** The metrics at a time, epoch ms. */
export interface Reading {
  atMs: number;
  samples: readonly Sample[];
}

export interface LaneNumbers {
  lane: string;
  lagMessages: number;
  lagSeconds: number;
  /** Null: not known yet. */
  eventsPerSecond: number | null;
  parkedClients: number;
  heldSets: number;
}

/** What a vigil process does now. A rate is null until two readings are there. */
export interface SystemNumbers {
  eventsPerSecond: number | null;
  signalsPerSecond: number | null;
  refusedPerMinute: number | null;
  alertsPerMinute: number | null;
  deadLettersPerMinute: number | null;
  /** Running workflows by alert status, of all processes; empty while Temporal does not answer. */
  workflows: { status: string; count: number }[];
  rulesPaused: number;
  lanes: LaneNumbers[];
  /** Most first. */
  waiting: { clientId: string; events: number }[];
}

/** Rates are over this time: shorter ones jump, longer ones lag. */
const RATE_MS = 60_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Adds a reading, and drops those that are not needed any more. Oldest first. */
export const withReading = (readings: readonly Reading[], newest: Reading): Reading[] => [
  ...readings.filter(({ atMs }) => newest.atMs - atMs <= RATE_MS && atMs < newest.atMs),
  newest,
];

/** Null without a reading. */
export function numbersOf(readings: readonly Reading[]): SystemNumbers | null {
  const [oldest, newest] = [readings[0], readings.at(-1)];
  if (oldest === undefined || newest === undefined) return null;
  const rate = (name: string, perMs: number, labels?: Labels): number | null =>
    rateOf(oldest, newest, { name, ...(labels && { labels }) }, perMs);
  const now = (name: string, labels?: Labels): number => sum(newest, { name, ...(labels && { labels }) });
  return {
    eventsPerSecond: rate('vigil_events_read_total', SECOND_MS),
    signalsPerSecond: rate('vigil_signals_total', SECOND_MS, { result: 'accepted' }),
    refusedPerMinute: rate('vigil_signals_total', MINUTE_MS, { result: 'refused' }),
    alertsPerMinute: rate('vigil_alerts_published_total', MINUTE_MS),
    deadLettersPerMinute: rate('vigil_dead_letters_total', MINUTE_MS),
    workflows: valuesOf(newest, 'vigil_workflows_running', 'status').map(([status, count]) => ({ status, count })),
    rulesPaused: now('vigil_rules_paused'),
    lanes: valuesOf(newest, 'vigil_lane_lag_messages', 'lane')
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([lane, lagMessages]) => ({
        lane,
        lagMessages,
        lagSeconds: now('vigil_lane_lag_seconds', { lane }),
        eventsPerSecond: rate('vigil_events_read_total', SECOND_MS, { lane }),
        parkedClients: now('vigil_lane_tenants_aside', { lane }),
        heldSets: now('vigil_partition_sets_held', { lane }),
      })),
    waiting: valuesOf(newest, 'vigil_tenant_waiting_events', 'client')
      .filter(([, events]) => events > 0)
      .sort(([, a], [, b]) => b - a)
      .map(([clientId, events]) => ({ clientId, events })),
  };
}

type Labels = Readonly<Record<string, string>>;
interface Series {
  name: string;
  labels?: Labels;
}

function sum({ samples }: Reading, { name, labels = {} }: Series): number {
  const wanted = Object.entries(labels);
  return samples
    .filter((sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value))
    .reduce((total, { value }) => total + value, 0);
}

/** Null with one reading, and if a counter has begun anew: the process has restarted, or another one answered. */
function rateOf(oldest: Reading, newest: Reading, series: Series, perMs: number): number | null {
  const passedMs = newest.atMs - oldest.atMs;
  const grown = sum(newest, series) - sum(oldest, series);
  return passedMs <= 0 || grown < 0 ? null : (grown / passedMs) * perMs;
}

const valuesOf = ({ samples }: Reading, name: string, label: string): [string, number][] =>
  samples.filter((sample) => sample.name === name).map(({ labels, value }) => [labels[label] ?? '', value]);
