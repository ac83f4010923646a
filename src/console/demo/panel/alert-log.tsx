import { Pill } from '../../design/pill.tsx';
import { clockTime } from '../../design/time/time.ts';
import type { AlertView } from '../state.ts';

const EMPTY_TEXT = 'No alerts yet. Alerts appear here when a rule starts or stops firing.';

/** The newest alerts of one client, updated live. */
export function AlertLog({ clientId, alerts }: { clientId: string; alerts: readonly AlertView[] }) {
  return (
    <>
      <h3>Alerts</h3>
      <div class="alert-log" role="log" aria-label={`alerts of ${clientId}`} tabIndex={0}>
        {alerts.length === 0 && <p class="empty">{EMPTY_TEXT}</p>}
        <ol>
          {alerts.map(({ key, time, status, severity, message, ruleId, test }) => (
            <li key={key} data-status={status} data-severity={severity}>
              <time dateTime={time}>{clockTime(time)}</time>
              <Pill text={status} />
              <span class="severity">{severity}</span>
              <span class="message">
                {test && <b class="test">test</b>} {message || ruleId}
              </span>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
