import { scalarText } from '../../core/primitives/value.ts';
import type { Tally } from '../../offline/tally.ts';
import { counted, inGroups } from './counted.ts';
import { textTable } from './text-table.ts';

const SECOND_MS = 1_000;
const KB_PER_MB = 1_024;

/** The backtest report: the first alerts, the counts of each rule, and the throughput. */
export function backtestReport(tally: Tally, played: Played): string {
  const fired = tally.counts().reduce((sum, count) => sum + count.fired, 0);
  const parts = [firstAlerts(tally, fired), ruleTable(tally), summary(played)];
  return parts.filter((part) => part !== '').join('\n');
}

function firstAlerts({ episodes }: Tally, fired: number): string {
  if (episodes.length === 0) return '';
  const rows = episodes.map(({ firedAt, resolvedAt, clientId, ruleId, place, severity, message }) => {
    const where = Object.entries(place).map(([property, value]) => `${property}=${scalarText(value)}`);
    return [firedAt, resolvedAt ?? 'still firing', clientId, ruleId, where.join(' '), severity, message];
  });
  const more =
    fired > episodes.length ? `… and ${inGroups(fired - episodes.length)} more; --json lists every transition\n` : '';
  return textTable([['FIRED', 'RESOLVED', 'CLIENT', 'RULE', 'WHERE', 'SEVERITY', 'MESSAGE'], ...rows]) + more;
}

function ruleTable(tally: Tally): string {
  const rows = tally.counts().map(({ clientId, ruleId, fired, resolved }) => {
    return [clientId, ruleId, ...[fired, resolved, fired - resolved].map(inGroups)];
  });
  return textTable([['CLIENT', 'RULE', 'FIRED', 'RESOLVED', 'STILL FIRING'], ...rows]);
}

function summary({ events, firstMs, untilMs, elapsedMs }: Played): string {
  if (events === 0) return 'No events.\n';
  const rate = inGroups(Math.round((events * SECOND_MS) / elapsedMs));
  const peak = inGroups(Math.round(process.resourceUsage().maxRSS / KB_PER_MB));
  const span = `from ${isoTime(firstMs)} to ${isoTime(untilMs)}`;
  return `${counted(events, 'event')} ${span} in ${(elapsedMs / SECOND_MS).toFixed(1)} s: ${rate} events/s, peak memory ${peak} MB\n`;
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

export interface Played {
  events: number;
  unusable: number;
  /** The first unusable events: `events.jsonl:17: …` */
  unusableLines: string[];
  /** Epoch ms. */
  firstMs: number;
  untilMs: number;
  elapsedMs: number;
}
