import { packAlerts, unpackAlerts } from '../../src/core/packing/pack-alerts.ts';
import type { CarriedState, MutedState, RecoveryState } from '../messages.ts';

/** What a run knows of the alerts that its set had published before. */
interface Past {
  recovery: RecoveryState | null;
  muted: MutedState | null;
}

type CarriedPast = Pick<CarriedState, 'recovery' | 'muted'>;

/** For the next run: with `each`, every partition may have an alert. */
export function packPast({ recovery, muted }: Past): CarriedPast {
  const carried: CarriedPast = {};
  if (recovery !== null) {
    const { before, ...rest } = recovery;
    carried.recovery = before
      ? { ...rest, before: packAlerts(before) }
      : { ...rest, ...(before === null && { before }) };
  }
  if (muted !== null) carried.muted = { ...muted, before: packAlerts(muted.before) };
  return carried;
}

export function unpackPast({ recovery, muted }: CarriedPast = {}): Past {
  const past: Past = { recovery: null, muted: null };
  if (recovery !== undefined) {
    const { before, ...rest } = recovery;
    past.recovery = before
      ? { ...rest, before: unpackAlerts(before) }
      : { ...rest, ...(before === null && { before }) };
  }
  if (muted !== undefined) past.muted = { ...muted, before: unpackAlerts(muted.before) };
  return past;
}
