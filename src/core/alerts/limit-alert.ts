import { emitAlert } from './envelope.ts';
import { scalarText } from '../primitives/value.ts';
import { LIMITS, type ReportedLimit } from '../primitives/limits.ts';
import type { PartitionSet } from '../partition-set/partition-set.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';

/** The caps that a running set can reach. Published texts: they are part of workflow state, so do not change them. */
const TEXTS: Record<ReportedLimit, (set: PartitionSet, whose: string) => string> = {
  groups: () =>
    `The rule has ${LIMITS.groups} groups, as many as it can have; events of further ones are left out. Group by a property with fewer values; to begin anew, disable the rule and enable it again.`,
  partitions: ({ index: { size }, state }) =>
    size < LIMITS.partitions && state.partitionsMax !== undefined
      ? `${size} partitions are as many as the quota of the client allows in one set; events of further ones are left out.`
      : `${size} partitions are as many as one set can hold; events of further ones are left out. Split the rule with groupBy, or let data go stale.`,
  stateBytes: ({ index: { size } }) =>
    `The state of ${size} partitions is as large as one set can hold; windows are kept more coarsely, no partition may grow, and events of further partitions are left out. Split the rule with groupBy, use shorter windows, or let data go stale.`,
  windowSamples: (_set, whose) =>
    `A window${whose} has more than ${LIMITS.windowSamples} samples; it is now kept as ${LIMITS.windowSlices} slices, and each leaves it as a whole.`,
  distinctValues: (_set, whose) =>
    `A window${whose} has more than ${LIMITS.distinctValues} different values; the oldest are forgotten.`,
  waitingEvents: () =>
    `As many events wait for the clock of the rule (lateTolerance) as one set can hold; the oldest are taken before their time. Use a shorter lateTolerance, or split the rule with groupBy.`,
  partialMatches: (_set, whose) =>
    `The sequence${whose} has more than ${LIMITS.partialMatches} partial matches; the oldest are forgotten.`,
};

/** Publishes an alert with status `limit`; again every LIMITS.limitReportMs while the cap stays reached. */
export function reportLimit(set: PartitionSet, limit: ReportedLimit, partition?: PartitionState): void {
  const { state } = set;
  const reported = state.limits[limit];
  if (reported !== undefined && state.now - reported < LIMITS.limitReportMs) return;
  state.limits[limit] = state.now;
  const { alert } = state;
  const whose =
    partition === undefined || partition.key.length === 0 ? '' : ` of ${partition.key.map(scalarText).join(', ')}`;
  emitAlert(set, {
    status: 'limit',
    reason: 'limit',
    limit,
    startsAt: alert.since,
    endsAt: null,
    alert,
    text: TEXTS[limit](set, whose),
  });
}
