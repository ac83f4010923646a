import type { PartitionSetsClient } from '../../temporal/client/partition-sets-client.ts';
import type { MeasuredSubscriber } from './subscriber-metrics.ts';

/** Wraps a partition set client: measures its signals. */
export function measuredPartitionSets(
  sets: PartitionSetsClient,
  { signalled }: Pick<MeasuredSubscriber, 'signalled'>,
): PartitionSetsClient {
  const measured = async (events: number, signal: Promise<void>): Promise<void> => {
    const startMs = performance.now();
    const record = (result: 'accepted' | 'refused'): void =>
      signalled({ events, seconds: (performance.now() - startMs) / 1_000, result });
    try {
      await signal;
    } catch (error) {
      record('refused');
      throw error;
    }
    record('accepted');
  };
  return {
    ...sets,
    sendEvents: (place, rule, batch) => measured(batch.events.length, sets.sendEvents(place, rule, batch)),
    signalEvents: (setId, batch) => measured(batch.events.length, sets.signalEvents(setId, batch)),
    sendRule: (place, rule) => measured(0, sets.sendRule(place, rule)),
    changeRule: (setId, rule) => measured(0, sets.changeRule(setId, rule)),
    end: (setId, end) => measured(0, sets.end(setId, end)),
  };
}
