import { clientOfPartitionSet } from '../../core/model/ids.ts';
import { laneOf } from '../../core/matching/lane.ts';
import type {
  HeldPartitionSet,
  LaneLag,
  SubscriberMetrics as SubscriberPort,
  TenantQueue,
} from '../../ingest/metrics-port.ts';
import type { Metrics } from './metrics.ts';

/** Metrics that the subscriber reports, and those measured at its ports. */
export interface MeasuredSubscriber extends SubscriberPort {
  /** Temporal answered a signal after `seconds`. Refused signals are retried. */
  signalled(signal: { events: number; seconds: number; result: 'accepted' | 'refused' }): void;
  /** Sets the source of the lanes that this process owns, read at each scrape. */
  lag(read: () => LaneLag[]): void;
  /** Sets the source of the clients with waiting events, read at each scrape. */
  tenants(read: () => TenantQueue[]): void;
  /** Sets the source of the held partition sets, read at each scrape. `lanes`: the number of lanes. */
  held(read: () => HeldPartitionSet[], lanes: number): void;
  /** Sets the source of the number of paused rules, read at each scrape. */
  paused(read: () => number): void;
}

/** The number of clients is unbounded, so only those with the most waiting events get a series. */
export const TENANTS_SHOWN = 20;

export function createSubscriberMetrics(metrics: Metrics): MeasuredSubscriber {
  const readFrom = new Map<string, { inc(): void }>();
  return {
    eventRead(lane) {
      let counter = readFrom.get(lane);
      if (counter === undefined) readFrom.set(lane, (counter = metrics.eventsRead.labels(lane)));
      counter.inc();
    },
    routed: (deliveries) => metrics.eventsMatched.inc(deliveries),
    leftOut: () => metrics.eventsLeftOut.inc(),
    overQuota: (client, quota) => metrics.overQuota.inc({ client, quota }),
    duplicate: () => metrics.eventsDuplicate.inc(),
    signalled({ events, seconds, result }) {
      metrics.signals.inc({ result });
      metrics.signalSeconds.observe(seconds);
      if (result === 'refused') return;
      metrics.eventsDelivered.inc(events);
      // A signal can have a rule change instead of events.
      if (events > 0) metrics.batchEvents.observe(events);
    },
    lag: (read) => metrics.onScrape('lanes', () => showLanes(metrics, read())),
    tenants: (read) => metrics.onScrape('tenants', () => showTenants(metrics, read())),
    held: (read, lanes) => metrics.onScrape('held', () => showHeld(metrics, read(), lanes)),
    paused: (read) => metrics.onScrape('paused', () => metrics.rulesPaused.set(read())),
  };
}

function showLanes({ lanesOwned, laneLagMessages, laneLagSeconds, laneTenantsAside }: Metrics, lanes: LaneLag[]): void {
  // Removes lanes that moved to another process.
  laneLagMessages.reset();
  laneLagSeconds.reset();
  laneTenantsAside.reset();
  lanesOwned.set(lanes.length);
  for (const { lane, messages, seconds, aside } of lanes) {
    laneLagMessages.set({ lane }, messages);
    laneLagSeconds.set({ lane }, seconds);
    laneTenantsAside.set({ lane }, aside);
  }
}

function showTenants({ tenantWaiting }: Metrics, tenants: TenantQueue[]): void {
  tenantWaiting.reset();
  const worst = tenants.filter(({ waiting }) => waiting > 0).sort((a, b) => b.waiting - a.waiting);
  for (const { clientId, waiting } of worst.slice(0, TENANTS_SHOWN)) tenantWaiting.set({ client: clientId }, waiting);
}

function showHeld({ setsHeld, setHeldSeconds }: Metrics, held: HeldPartitionSet[], lanes: number): void {
  for (let lane = 0; lane < lanes; lane += 1) setsHeld.set({ lane: String(lane) }, 0);
  for (const { workflowId } of held) setsHeld.inc({ lane: String(laneOf(clientOfPartitionSet(workflowId), lanes)) });
  const nowMs = Date.now();
  setHeldSeconds.set(held.reduce((longest, { sinceMs }) => Math.max(longest, nowMs - sinceMs), 0) / 1_000);
}
