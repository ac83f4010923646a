import type { AlertEnvelope } from '../src/core/alert.ts';
import type { LiveSet } from '../src/core/live-set.ts';
import { takeAlerts } from '../src/core/step.ts';

/** A heartbeat that is older when it comes up is not published. */
const HEARTBEAT_FRESH_MS = 60_000;

/** Alerts that are not known to be published yet, in order. */
export class Outbox {
  readonly alerts: AlertEnvelope[];
  staleHeartbeats = 0;

  constructor(alerts: AlertEnvelope[]) {
    this.alerts = alerts;
  }

  /** A heartbeat says how things are: one that comes late says nothing, and a storm of them less. All else is published, however late. */
  collect(set: LiveSet): void {
    const freshMs = Date.now() - HEARTBEAT_FRESH_MS;
    const alerts = takeAlerts(set);
    const kept = alerts.filter(({ data }) => data.status !== 'heartbeat' || Date.parse(data.evaluatedAt) >= freshMs);
    this.staleHeartbeats += alerts.length - kept.length;
    this.alerts.push(...kept);
  }

  published(count: number): void {
    this.alerts.splice(0, count);
  }
}
