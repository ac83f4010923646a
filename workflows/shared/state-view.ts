import type { AlertPhase } from '../../src/core/model/alert.ts';
import { holdersOf } from '../../src/core/alerts/envelope.ts';
import type { LiveSet } from '../../src/core/partition-set/partition-set.ts';
import type { Faults } from './faults.ts';
import type { SetView } from '../messages.ts';
import type { Outbox } from './alert-outbox.ts';

export interface Seen {
  status: AlertPhase;
  /** Epoch ms of the earliest deadline, or Infinity. */
  deadline: number;
  outbox: Outbox;
  faults: Faults;
}

/** What the query `state` answers, of a set and of a shard alike. */
export function viewOf(set: LiveSet, { status, deadline, outbox, faults }: Seen): SetView {
  const { rule, live, state } = set;
  return {
    rule: rule.rule,
    status,
    live,
    satisfying: holdersOf(set).size,
    nextDeadline: deadline === Infinity ? null : new Date(deadline).toISOString(),
    unpublished: outbox.length,
    staleHeartbeats: outbox.staleHeartbeats,
    faults: faults.list,
    state,
  };
}
