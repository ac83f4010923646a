import type { AlertPhase } from '../../src/core/model/alert/alert.ts';
import { satisfyingKeys } from '../../src/core/alerts/envelope.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import type { Faults } from './faults.ts';
import type { PartitionSetView } from '../messages.ts';
import type { AlertOutbox } from '../alerts/alert-outbox.ts';

export interface Seen {
  status: AlertPhase;
  /** Earliest deadline, epoch ms, or Infinity. */
  deadline: number;
  outbox: AlertOutbox;
  faults: Faults;
}

/** The answer of the query `state`, for partition sets and shards. */
export function stateView(set: PartitionSet, { status, deadline, outbox, faults }: Seen): PartitionSetView {
  const { rule, live, state } = set;
  return {
    rule: rule.rule,
    status,
    live,
    satisfying: satisfyingKeys(set).size,
    nextDeadline: deadline === Infinity ? null : new Date(deadline).toISOString(),
    unpublished: outbox.length,
    staleHeartbeats: outbox.staleHeartbeats,
    faults: faults.list,
    state,
  };
}
