import { wasLost, type AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { jsonBytes } from '../../src/core/primitives/text/bytes.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { takeAlerts } from '../../src/core/evaluation/evaluate.ts';

/** Above this, a partition set handles no more events; the alerts of one event or moment may exceed it. */
const FULL_BYTES = 256 * 1024;
const FREE_AGAIN_BYTES = FULL_BYTES / 2;
/** A heartbeat that is older when it comes up is dropped; a reminder that is older is replaced by the next. */
const FRESH_MS = 60_000;

interface Entry {
  alert: AlertEnvelope;
  bytes: number;
  isInFlight: boolean;
}

/** The alerts of a rebuilt partition set that were published before it was lost. */
export interface PublishedPast {
  /** Those evaluated before this time, epoch ms. */
  untilMs: number;
  /** They get their original ids. If not, those that still fire are published again, and the others are not. */
  hasSameIds: boolean;
  /** Which of them were lost, although they are older. */
  comparison?: AlertComparison;
}

/** What of the time that the alert stream covers was published; alerts of its last moment may be lost, too. */
export const pastOf = (comparison: AlertComparison): PublishedPast => ({
  untilMs: comparison.untilMs + 1,
  hasSameIds: true,
  comparison,
});

/** Alerts not known to be published yet, in order. */
export class AlertOutbox {
  staleHeartbeats = 0;
  /** Set while the partition set is being rebuilt. */
  past: PublishedPast | null = null;
  /** New alerts are dropped: the partition set is muted. */
  isMuted = false;
  private entries: Entry[];
  private bytes: number;
  private isFilled = false;
  /** The newest waiting reminder or heartbeat of each alert. */
  private readonly periodic = new Map<string, Entry>();

  constructor(alerts: readonly AlertEnvelope[]) {
    this.entries = alerts.map(entryOf);
    this.bytes = this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    this.isFilled = this.bytes >= FULL_BYTES;
  }

  get length(): number {
    return this.entries.length;
  }

  /** JSON bytes of all waiting alerts. */
  get size(): number {
    return this.bytes;
  }

  alerts(): AlertEnvelope[] {
    return this.entries.map(({ alert }) => alert);
  }

  /** Alerts arrive faster than they are published. Once full, it stays full until half of it is published. */
  isFull(): boolean {
    return this.isFilled;
  }

  /** Collects the new alerts. Unless the set is muted, only periodic ones are ever dropped. */
  collect(set: PartitionSet): void {
    const freshMs = Date.now() - FRESH_MS;
    for (const alert of takeAlerts(set)) {
      if (this.isMuted) continue;
      const evaluatedMs = Date.parse(alert.data.evaluatedAt);
      if (this.past !== null && evaluatedMs < this.past.untilMs) this.collectPast(set, alert, this.past);
      // A heartbeat reports the current state, so a late one is useless, and many late ones more so.
      else if (alert.data.status === 'heartbeat' && evaluatedMs < freshMs) this.staleHeartbeats += 1;
      else this.add(alert, freshMs);
    }
  }

  /** The first alerts, as many as fit into one publish. They are in flight until they are published. */
  next(count: number, bytes: number): AlertEnvelope[] {
    let size = 0;
    const end = this.entries.findIndex((entry, index) => {
      size += entry.bytes;
      return index > 0 && (index >= count || size > bytes);
    });
    const batch = this.entries.slice(0, end === -1 ? this.entries.length : end);
    for (const entry of batch) entry.isInFlight = true;
    return batch.map(({ alert }) => alert);
  }

  published(alerts: readonly AlertEnvelope[]): void {
    const done = new Set(alerts);
    this.keep(({ alert }) => !done.has(alert));
  }

  clear(): void {
    this.keep(() => false);
  }

  private add(alert: AlertEnvelope, freshMs: number): void {
    const entry = entryOf(alert);
    if (alert.data.status === 'reminder' || alert.data.status === 'heartbeat') this.supersede(entry, freshMs);
    this.entries.push(entry);
    this.bytes += entry.bytes;
    if (this.bytes >= FULL_BYTES) this.isFilled = true;
  }

  /** Keeps only the newest periodic alert while alerts cannot be published. */
  private supersede(entry: Entry, freshMs: number): void {
    const { id } = entry.alert;
    const series = id.slice(0, id.lastIndexOf('@'));
    const before = this.periodic.get(series);
    if (before !== undefined && !before.isInFlight && Date.parse(before.alert.data.evaluatedAt) < freshMs)
      this.keep((each) => each !== before);
    this.periodic.set(series, entry);
  }

  private collectPast({ rule, state }: PartitionSet, alert: AlertEnvelope, past: PublishedPast): void {
    const { hasSameIds, comparison } = past;
    if (comparison !== undefined && wasLost(comparison, rule.ids.of(state.group), alert)) this.add(alert, -Infinity);
    const { status, episode, partition } = alert.data;
    if (hasSameIds || (status !== 'firing' && status !== 'resolved')) return;
    const whose = JSON.stringify(partition);
    const firing =
      status === 'firing'
        ? undefined
        : this.entries.find(
            ({ alert: { data }, isInFlight }) =>
              !isInFlight && data.episode === episode && JSON.stringify(data.partition) === whose,
          );
    // If the firing alert was already published, because the outbox was full, publish its resolution too.
    if (firing === undefined) this.add(alert, -Infinity);
    else this.keep((each) => each !== firing);
  }

  private keep(isKept: (entry: Entry) => boolean): void {
    this.entries = this.entries.filter(isKept);
    this.bytes = this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.bytes <= FREE_AGAIN_BYTES) this.isFilled = false;
    if (this.entries.length === 0) this.periodic.clear();
  }
}

const entryOf = (alert: AlertEnvelope): Entry => ({ alert, bytes: jsonBytes(alert), isInFlight: false });
