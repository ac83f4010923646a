import { pausedNow, pauseInWords } from '../../src/core/model/stored-rule/rule-pause.ts';
import { isoTime } from '../../src/core/primitives/text/iso-time.ts';
import type { PartitionSetView } from '../messages.ts';
import type { RunState } from './run-state.ts';

/** Why a partition set does not show or publish what it has: for queries. */
export function whyHeldBack({ recovery, muted, pause }: Pick<RunState, 'recovery' | 'muted' | 'pause'>): WhyHeldBack {
  return {
    ...(recovery !== null && { recovery: { reason: recovery.reason, since: isoTime(recovery.sinceMs) } }),
    ...(muted !== null && { muted: { until: isoTime(muted.untilMs) } }),
    ...(pause !== undefined && { paused: pausedNow(pause) }),
  };
}

type WhyHeldBack = Pick<PartitionSetView, 'recovery' | 'muted' | 'paused'>;

/** The same for the Temporal UI, after the description of the set. */
export const heldBackText = (run: Pick<RunState, 'recovery' | 'muted' | 'pause'>): string => {
  const { recovery, muted, paused } = whyHeldBack(run);
  return [
    ...(recovery === undefined
      ? []
      : [`\n\nBeing rebuilt from the event stream since ${recovery.since} (${recovery.reason}).`]),
    ...(muted === undefined ? [] : [`\n\nPublishes nothing until it has everything stored before ${muted.until}.`]),
    ...(paused === undefined ? [] : [`\n\n${pauseInWords(paused)}`]),
  ].join('');
};
