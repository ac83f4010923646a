import { dayTime } from '../design/time/time.ts';
import type { AlertSummary } from '../server/wire.ts';
import { isSnoozed } from './describe.ts';

/** Who has acknowledged or snoozed the alert. */
export function Marks({ alert, nowMs }: { alert: AlertSummary; nowMs: number }) {
  const { acknowledged } = alert;
  const snoozed = isSnoozed(alert, nowMs) ? alert.snoozed : undefined;
  if (!acknowledged && !snoozed) return null;
  return (
    <p class="marks">
      {acknowledged && (
        <span title={dayTime(acknowledged.at)}>
          Acknowledged by {acknowledged.by}
          {acknowledged.note !== undefined && `: ${acknowledged.note}`}
        </span>
      )}
      {snoozed && (
        <span title={dayTime(snoozed.at)}>
          Snoozed by {snoozed.by} until {dayTime(snoozed.until)}
          {snoozed.note !== undefined && `: ${snoozed.note}`}
        </span>
      )}
    </p>
  );
}
