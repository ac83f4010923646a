import type { QuotasPort } from '../../api/ports/clients.ts';
import { withEventRate, eventRateAt, type EventRates } from '../../core/model/quotas/event-rates.ts';
import { quotasOf, type Quotas } from '../../core/model/quotas/quotas.ts';
import type { ReaderQuotasPort } from '../../ingest/ports.ts';
import type { ClientsBucket, FollowedClients } from '../../nats/buckets/clients-bucket.ts';
import type { Log } from '../../observability/log.ts';
import type { Config } from '../settings/config.ts';

/** Of no client: an id does not start like this. Its record says which default for events held when. */
const DEFAULTS = '_defaults';

export interface RunningQuotas extends QuotasPort, ReaderQuotasPort {
  of(clientId: string): Quotas;
  stop(): void;
}

/** The quotas of all clients: defaults by the settings, and what clients have instead. */
export async function openQuotas(clients: ClientsBucket, config: Config, log: Log): Promise<RunningQuotas> {
  const defaults = defaultsOf(config);
  await clients.change(DEFAULTS, (before) => {
    const { eventRates = [] } = before;
    const next = withEventRate(eventRates, defaults.eventsPerSecond ?? undefined, Date.now());
    return next === eventRates ? null : { ...before, eventRates: next };
  });
  const followed = await clients.follow((clientId, error) =>
    log.error({ clientId, err: error }, 'what vigil keeps of the client is not valid; its quotas stay as they were'),
  );
  return { ...quotasFrom(followed, defaults), stop: () => followed.stop() };
}

export function quotasFrom(
  { of, all }: Pick<FollowedClients, 'of' | 'all'>,
  defaults: Quotas,
): Omit<RunningQuotas, 'stop'> {
  const ratesOf = (clientId: string): EventRates => of(clientId).eventRates ?? [];
  return {
    defaults,
    of: (clientId) => quotasOf(defaults, of(clientId).quotas),
    eventsPerSecondAt: (clientId, atMs) => eventRateAt(ratesOf(clientId), ratesOf(DEFAULTS), atMs),
    limitsEventsAt: (atMs) => all().some(({ eventRates = [] }) => eventRateAt(eventRates, [], atMs) !== null),
  };
}

const defaultsOf = (config: Config): Quotas => ({
  rules: config.quotaRules ?? null,
  partitionSets: config.quotaPartitionSets ?? null,
  partitions: config.quotaPartitions ?? null,
  eventsPerSecond: config.quotaEvents ?? null,
  alertsPerMinute: config.quotaAlerts ?? null,
  previewSecondsPerHour: config.quotaPreviews ?? null,
});
