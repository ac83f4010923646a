import { Pill } from '../../design/pill.tsx';
import { dayTime, durationText } from '../../design/time/time.ts';
import type { AlertSummary } from '../../server/wire.ts';
import { toggleOf } from '../act/actions.ts';
import type { Acting } from '../act/acting.ts';
import { alertAddress, placeText, ruleAddress, stateWord } from '../describe.ts';
import { Marks } from '../marks.tsx';

interface AlertRowProps {
  alert: AlertSummary;
  nowMs: number;
  isReachable: boolean;
  isSelected: boolean;
  onFocus: () => void;
  acting?: Acting;
}

export function AlertRow({ alert, nowMs, isReachable, isSelected, onFocus, acting }: AlertRowProps) {
  const { ruleId, clientId, severity, message, acknowledged } = alert;
  const place = placeText(alert);
  const text = message || ruleId;
  return (
    <li
      class="alert-row"
      data-alert={alert.id}
      data-severity={severity}
      data-state={alert.state}
      data-quiet={acknowledged !== undefined || undefined}
      tabIndex={isReachable ? 0 : -1}
      onFocusCapture={onFocus}
    >
      {acting && (
        <input
          type="checkbox"
          checked={isSelected}
          aria-label={`select ${text}`}
          onChange={() => acting.onSelect(alert)}
        />
      )}
      <span class="severity">{severity}</span>
      <div class="what">
        <a class="message" href={alertAddress(alert)}>
          {text}
        </a>
        <p class="aside">
          <a href={ruleAddress(alert)}>{ruleId}</a> · {clientId}
          {place !== '' && ` · ${place}`}
        </p>
        <Marks alert={alert} nowMs={nowMs} />
      </div>
      <div class="when">
        <Pill text={stateWord(alert)} />
        <Age alert={alert} nowMs={nowMs} />
      </div>
      {acting && alert.state === 'firing' && <RowActions alert={alert} acting={acting} />}
    </li>
  );
}

/** How long it fires, or since when it does not. */
function Age({ alert: { state, startsAt, endsAt, updatedAt }, nowMs }: { alert: AlertSummary; nowMs: number }) {
  const at = state === 'firing' ? (startsAt ?? updatedAt) : (endsAt ?? updatedAt);
  const age = durationText(nowMs - Date.parse(at));
  return (
    <time class="aside" dateTime={at} title={dayTime(at)}>
      {state === 'firing' ? `for ${age}` : `${age} ago`}
    </time>
  );
}

function RowActions({ alert, acting: { onToggle, onAsk } }: { alert: AlertSummary; acting: Acting }) {
  return (
    <div class="group">
      <button type="button" onClick={() => onToggle([alert])}>
        {toggleOf([alert]) === 'acknowledge' ? 'Acknowledge' : 'Unacknowledge'}
      </button>
      <button type="button" aria-haspopup="dialog" onClick={() => onAsk({ kind: 'snooze', alerts: [alert] })}>
        Snooze
      </button>
    </div>
  );
}
