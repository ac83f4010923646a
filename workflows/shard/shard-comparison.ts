import { correctCompared, type Comparison } from '../../src/core/evaluation/compare-published.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { pastOf, type AlertOutbox } from '../shared/alert-outbox.ts';
import type { Faults } from '../shared/faults.ts';

/**
 * The comparison of a shard with what the alert stream has of its partitions: the set was split while it was rebuilt. It
 * publishes nothing of the time that the stream covers, until its coordinator has it correct its alerts.
 */
export class ShardComparison {
  private comparison: Comparison | undefined;
  private readonly outbox: AlertOutbox;
  private readonly faults: Faults;

  constructor(comparison: Comparison | undefined, outbox: AlertOutbox, faults: Faults) {
    this.comparison = comparison;
    this.outbox = outbox;
    this.faults = faults;
    if (comparison !== undefined) outbox.past = pastOf(comparison);
  }

  get isOpen(): boolean {
    return this.comparison !== undefined;
  }

  /** Corrects the alerts of the shard, which has handled everything up to where the comparison ends. Returns it. */
  correct(set: PartitionSet): PartitionSet {
    const { comparison, outbox } = this;
    if (comparison === undefined) return set;
    outbox.collect(set);
    outbox.past = null;
    this.comparison = undefined;
    return this.faults.guard(() => correctCompared(set, comparison)) ?? set;
  }

  carry(): { comparison?: Comparison } {
    return this.comparison === undefined ? {} : { comparison: this.comparison };
  }
}
