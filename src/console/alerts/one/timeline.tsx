import { Fragment } from 'preact';
import { Pill } from '../../design/pill.tsx';
import { dayTime } from '../../design/time/time.ts';
import type { AlertRecord, AlertTransition } from '../../server/wire.ts';
import { momentOf, reasonText } from '../describe.ts';

/** Each transition, the first one at the top. */
export const Timeline = ({ alert: { transitions, omitted } }: { alert: AlertRecord }) => (
  <ol class="timeline">
    {transitions.map((transition, index) => (
      <Fragment key={transition.sequence}>
        {index === 1 && omitted > 0 && <li class="aside">{omitted} more transitions are not kept</li>}
        <Moment transition={transition} />
      </Fragment>
    ))}
  </ol>
);

function Moment({ transition }: { transition: AlertTransition }) {
  const { status, reason, severity, message, action } = transition;
  const at = momentOf(transition);
  return (
    <li data-status={status}>
      <p class="moment">
        <Pill text={status} />
        <time class="aside" dateTime={at}>
          {dayTime(at)}
        </time>
        {status === 'severity' && <span class="severity">{severity}</span>}
      </p>
      {action ? (
        <p>
          by {action.by}
          {action.until !== undefined && ` until ${dayTime(action.until)}`}
          {action.note !== undefined && `: ${action.note}`}
        </p>
      ) : (
        <p>
          {message} <span class="aside">({reasonText(reason)})</span>
        </p>
      )}
    </li>
  );
}
