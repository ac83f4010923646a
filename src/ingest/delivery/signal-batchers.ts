import type { Groups } from '../../core/matching/groups.ts';
import { clientOfPartitionSet } from '../../core/model/ids.ts';
import type { PartitionSetsClient } from '../../temporal/client/partition-sets-client.ts';
import type { HeldPartitionSet } from '../metrics-port.ts';
import type { DeliveryFields } from './retry.ts';
import { SignalBatcher, type Delivery } from './signal-batcher.ts';

export interface SignalBatchersDeps {
  sets: PartitionSetsClient;
  groups: Groups;
  /** The quota of partitions of each set of a client; null: none. */
  partitionsMax: (clientId: string) => number | null;
  /** Retries until it succeeds; rejects only when the lane is released. */
  persist: (work: () => Promise<void>, fields?: DeliveryFields) => Promise<void>;
  /** Sends one signal to Temporal, in the client's turn. */
  signal: (clientId: string, work: () => Promise<void>) => Promise<void>;
}

/** The signal batchers of a lane, one for each partition set that it has sent something to. */
export class SignalBatchers {
  private readonly batchers = new Map<string, SignalBatcher>();
  private readonly deps: SignalBatchersDeps;

  constructor(deps: SignalBatchersDeps) {
    this.deps = deps;
  }

  enqueue(setId: string, delivery: Delivery): void {
    const batcher = this.batchers.get(setId) ?? this.open(setId);
    batcher.enqueue(delivery);
  }

  /** Pauses signals to a set until its next run has started, for 1 s at most. Resolves when none is in flight. */
  async pause(setId: string, runId: string): Promise<void> {
    await this.batchers.get(setId)?.pause(runId);
  }

  /** The sets that do not keep up with what they were sent. */
  held(nowMs: number): HeldPartitionSet[] {
    return [...this.batchers.values()].flatMap((batcher) => batcher.held(nowMs) ?? []);
  }

  /** The sets of a rule that this lane has written to, and has not ended since. */
  writtenTo(clientId: string, ruleId: string): string[] {
    return [...this.batchers.keys()].filter((setId) => setId.startsWith(`${clientId}/rules/${ruleId}/`));
  }

  private open(setId: string): SignalBatcher {
    const { sets, groups, persist, signal, partitionsMax } = this.deps;
    const clientId = clientOfPartitionSet(setId);
    const batcher = new SignalBatcher(setId, {
      sets,
      partitionsMax: () => partitionsMax(clientId),
      deliver: (attempt) => persist(() => signal(clientId, attempt), { clientId, workflowId: setId }),
      // A question that fails is no failed delivery: the set is held, and reports that itself.
      persist: (attempt) => persist(attempt, { clientId, workflowId: setId, question: true }),
      onClosed: () => {
        this.batchers.delete(setId);
        groups.delete(setId);
      },
    });
    groups.add(setId);
    this.batchers.set(setId, batcher);
    return batcher;
  }
}
