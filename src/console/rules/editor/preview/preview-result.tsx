import { dateTime, durationText } from '../../../design/time/time.ts';
import type { Preview, PreviewedAlert, PreviewedAlerts } from '../../types.ts';
import { keyText } from '../../one/rule-status.ts';
import { lanesOf } from './strip.ts';
import { Strip } from './strip-view.tsx';

/** What the rule would have done, and what differs from the version that runs. */
export function PreviewResult({ result, isOld }: { result: Preview; isOld: boolean }) {
  const { since, until, preview, running, difference, events, stoppedBy, stream } = result;
  const lanes = lanesOf(preview.alerts.first, since, until);
  return (
    <>
      {isOld && <p class="paused">The rule has changed since this preview.</p>}
      <p role="status">
        {firedText(preview.alerts.first.length < preview.alerts.count, lanes)}, on {events.read.toLocaleString()} events
        of which the rule reads {preview.matched.toLocaleString()}. It fired for{' '}
        {durationText(preview.firingSeconds * 1_000)} in all
        {preview.stillFiring > 0 && `; ${preview.stillFiring} would fire now`}.
      </p>
      {stoppedBy !== null && <p class="aside">It stopped early, at its limit of {stoppedBy}.</p>}
      {!stream.isWhole && <p class="aside">The stream no longer has all events of this time.</p>}
      <Strip label="what would have fired" lanes={lanes} since={since} until={until} />
      {running !== null && (
        <Strip
          label="what the running version would have fired"
          lanes={lanesOf(running.alerts.first, since, until)}
          since={since}
          until={until}
        />
      )}
      {difference !== null && (
        <>
          <p>{differenceText(difference)}</p>
          <AlertTable title="Only with your changes" alerts={difference.onlyPreview} />
          <AlertTable title="Only with the running version" alerts={difference.onlyRunning} />
        </>
      )}
      <AlertTable title="All alerts" alerts={preview.alerts} />
    </>
  );
}

function firedText(isPartial: boolean, lanes: ReturnType<typeof lanesOf>): string {
  const times = lanes.reduce((sum, { spans }) => sum + spans.length, 0);
  if (times === 0) return 'It would not have fired';
  return `It would have fired ${isPartial ? 'at least ' : ''}${times === 1 ? 'once' : `${times} times`}`;
}

function differenceText({ same, onlyPreview, onlyRunning }: NonNullable<Preview['difference']>): string {
  if (onlyPreview.count + onlyRunning.count === 0) return 'The running version would have sent the same alerts.';
  return `Alerts only with your changes: ${onlyPreview.count}; only with the running version: ${onlyRunning.count}; the same: ${same}.`;
}

function AlertTable({ title, alerts: { count, first } }: { title: string; alerts: PreviewedAlerts }) {
  if (count === 0) return null;
  return (
    <details>
      <summary>
        {title} <span class="aside">{count}</span>
      </summary>
      <div class="scroll" role="region" aria-label={title} tabIndex={0}>
        <table class="preview-alerts">
          <thead>
            <tr>
              {['Time', 'Status', 'Partition', 'Message'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{first.map(row)}</tbody>
        </table>
      </div>
      {first.length < count && <p class="aside">The first {first.length} of them.</p>}
    </details>
  );
}

const row = ({ at, status, group, partition, message }: PreviewedAlert, index: number) => (
  <tr key={index}>
    <td>
      <time dateTime={at}>{dateTime(at)}</time>
    </td>
    <td>{status}</td>
    <td>{keyText({ ...group, ...partition })}</td>
    <td>{message}</td>
  </tr>
);
