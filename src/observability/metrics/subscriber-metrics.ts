import { clientOfPartitionSet } from '../../core/model/ids.ts';
import { laneOf } from '../../core/matching/lane.ts';
import type {
  HeldPartitionSet,
  LaneLag,
  SubscriberMetrics as SubscriberPort,
  TenantQueue,
} from '../../ingest/metrics-port.ts';
import type { Metrics } from './metrics.ts';

/** What the subscriber tells as it happens, and what is seen at the ports that it works with. */
export interface SubscriberMetrics extends SubscriberPort {
  /** A signal was answered: `seconds` after it was sent. A refused one is sent again. */
  signalled(signal: { events: number; seconds: number; result: 'accepted' | 'refused' }): void;
  /** How to ask for the lanes that this process owns, at each scrape. */
  lag(read: () => LaneLag[]): void;
  /** How to ask for the clients that have something waiting, at each scrape. */
  tenants(read: () => TenantQueue[]): void;
  /** How to ask for the sets whose events are held, at each scrape. `lanes`: how many there are. */
  held(read: () => HeldPartitionSet[], lanes: number): void;
}

/** Clients are without number: only those with the most waiting get a series. */
export const TENANTS_SHOWN = 20;

export function createSubscriberMetrics(metrics: Metrics): SubscriberMetrics {
  const readFrom = new Map<string, { inc(): void }>();
  return {
    eventRead(lane) {
      let counter = readFrom.get(lane);
      if (counter === undefined) readFrom.set(lane, (counter = metrics.eventsRead.labels(lane)));
      counter.inc();
    },
    routed: (deliveries) => metrics.eventsMatched.inc(deliveries),
    leftOut: () => metrics.eventsLeftOut.inc(),
    signalled({ events, seconds, result }) {
      metrics.signals.inc({ result });
      metrics.signalSeconds.observe(seconds);
      if (result === 'refused') return;
      metrics.eventsDelivered.inc(events);
      // A signal may bring a change of the rule instead.
      if (events > 0) metrics.batchEvents.observe(events);
    },
    lag: (read) => metrics.onScrape('lanes', () => showLanes(metrics, read())),
    tenants: (read) => metrics.onScrape('tenants', () => showTenants(metrics, read())),
    held: (read, lanes) => metrics.onScrape('held', () => showHeld(metrics, read(), lanes)),
  };
}

function showLanes({ lanesOwned, laneLagMessages, laneLagSeconds, laneTenantsAside }: Metrics, lanes: LaneLag[]): void {
  // A lane that went to another process must not go on here.
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
