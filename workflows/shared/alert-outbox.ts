import type { AlertEnvelope } from '../../src/core/model/alert.ts';
import { jsonBytes } from '../../src/core/primitives/bytes.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { takeAlerts } from '../../src/core/evaluation/evaluate.ts';

/** From then on a set takes no more events; what one event or moment makes comes on top. */
const FULL_BYTES = 256 * 1024;
const FREE_AGAIN_BYTES = FULL_BYTES / 2;
/** A heartbeat that is older when it comes up is not published; a reminder that is older makes way for the next. */
const FRESH_MS = 60_000;

interface Entry {
  alert: AlertEnvelope;
  bytes: number;
  isUnderWay: boolean;
}

/** The alerts of a rebuilt set that were published before it was lost. */
export interface PublishedPast {
  /** Those evaluated before this moment, epoch ms. */
  untilMs: number;
  /** They get the ids that they had. If not, those that still fire are published anew, and the others are not. */
  hasSameIds: boolean;
}

/** Alerts that are not known to be published yet, in order. */
export class AlertOutbox {
  staleHeartbeats = 0;
  /** Of a set that is being rebuilt. */
  past: PublishedPast | null = null;
  private entries: Entry[];
  private bytes: number;
  private isFilled = false;
  /** The newest reminder or heartbeat that waits, of each alert. */
  private readonly periodic = new Map<string, Entry>();

  constructor(alerts: readonly AlertEnvelope[]) {
    this.entries = alerts.map(entryOf);
    this.bytes = this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    this.isFilled = this.bytes >= FULL_BYTES;
  }

  get length(): number {
    return this.entries.length;
  }

  /** Of all that waits, as JSON. */
  get size(): number {
    return this.bytes;
  }

  alerts(): AlertEnvelope[] {
    return this.entries.map(({ alert }) => alert);
  }

  /** Alerts leave more slowly than they come. Once full, it stays so until half of it has left. */
  isFull(): boolean {
    return this.isFilled;
  }

  /** Takes the alerts that have come up. Nothing but periodic ones is ever left out. */
  collect(set: PartitionSet): void {
    const freshMs = Date.now() - FRESH_MS;
    for (const alert of takeAlerts(set)) {
      const evaluatedMs = Date.parse(alert.data.evaluatedAt);
      if (this.past !== null && evaluatedMs < this.past.untilMs) this.collectPast(alert, this.past);
      // A heartbeat says how things are: one that comes late says nothing, and a storm of them less.
      else if (alert.data.status === 'heartbeat' && evaluatedMs < freshMs) this.staleHeartbeats += 1;
      else this.add(alert, freshMs);
    }
  }

  /** The alerts at the front, as many as go together. They are under way until they are published. */
  next(count: number, bytes: number): AlertEnvelope[] {
    let size = 0;
    const end = this.entries.findIndex((entry, index) => {
      size += entry.bytes;
      return index > 0 && (index >= count || size > bytes);
    });
    const taken = this.entries.slice(0, end === -1 ? this.entries.length : end);
    for (const entry of taken) entry.isUnderWay = true;
    return taken.map(({ alert }) => alert);
  }

  published(alerts: readonly AlertEnvelope[]): void {
    const gone = new Set(alerts);
    this.keep(({ alert }) => !gone.has(alert));
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

  /** What the clock makes while alerts cannot leave does not pile up: the newest tells as much. */
  private supersede(entry: Entry, freshMs: number): void {
    const { id } = entry.alert;
    const line = id.slice(0, id.lastIndexOf('@'));
    const before = this.periodic.get(line);
    if (before !== undefined && !before.isUnderWay && Date.parse(before.alert.data.evaluatedAt) < freshMs)
      this.keep((each) => each !== before);
    this.periodic.set(line, entry);
  }

  private collectPast(alert: AlertEnvelope, { hasSameIds }: PublishedPast): void {
    const { status, episode, partition } = alert.data;
    if (hasSameIds || (status !== 'firing' && status !== 'resolved')) return;
    const whose = JSON.stringify(partition);
    const begun =
      status === 'firing'
        ? undefined
        : this.entries.find(
            ({ alert: { data }, isUnderWay }) =>
              !isUnderWay && data.episode === episode && JSON.stringify(data.partition) === whose,
          );
    // One whose beginning has left, as there were too many to wait for what becomes of them, is published as it ends.
    if (begun === undefined) this.add(alert, -Infinity);
    else this.keep((each) => each !== begun);
  }

  private keep(isKept: (entry: Entry) => boolean): void {
    this.entries = this.entries.filter(isKept);
    this.bytes = this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.bytes <= FREE_AGAIN_BYTES) this.isFilled = false;
    if (this.entries.length === 0) this.periodic.clear();
  }
}

const entryOf = (alert: AlertEnvelope): Entry => ({ alert, bytes: jsonBytes(alert), isUnderWay: false });
