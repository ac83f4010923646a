import { scalarText, type Scalar } from '../../core/primitives/value.ts';
import type { TrackOutcome, PreviewedAlert } from '../../offline/preview-track.ts';
import { counted, inGroups } from './counted.ts';
import { textTable } from './text-table.ts';

const ALERTS_PRINTED = 20;

interface Alerts {
  count: number;
  first: PreviewedAlert[];
}

type ShownOutcome = Omit<TrackOutcome, 'alerts'> & { alerts: Alerts };

/** The answer of a preview. */
export interface RulePreview {
  ruleId: string;
  since: string;
  until: string;
  stoppedBy: keyof typeof STOPPED | null;
  stream: { from: string | null; isWhole: boolean };
  events: { read: number; total: number; unusable: number };
  preview: ShownOutcome;
  running: (ShownOutcome & { version: number }) | null;
  difference: { same: number; onlyPreview: Alerts; onlyRunning: Alerts } | null;
}

const STOPPED = {
  events: 'it has read as many events as it may',
  alerts: 'it has as many alerts as it may keep',
  state: 'its partition sets are as large as they may be',
  time: 'it took too long',
} as const;

/** A preview in plain words. */
export function previewReport(preview: RulePreview): string {
  const { ruleId, since, until, stoppedBy, stream, events, running, difference } = preview;
  const lines = [
    `${ruleId}, ${since} to ${until}: ${counted(events.read, 'event')}, of which it reads ${inGroups(preview.preview.matched)}.`,
    ...(events.unusable > 0 ? [`${counted(events.unusable, 'event')} not valid.`] : []),
    ...(stoppedBy === null ? [] : [`It stopped early: ${STOPPED[stoppedBy]}. Take a later --since.`]),
    ...(stream.isWhole ? [] : [`The stream has only the events since ${stream.from ?? 'now'}.`]),
    `It would have published ${said(preview.preview)}.`,
    ...(running === null ? ['vigil has no rule with this id yet.'] : [`The running version: ${said(running)}.`]),
  ];
  const tables =
    difference === null
      ? [['All alerts', preview.preview.alerts] as const]
      : [
          ['Only with the change', difference.onlyPreview] as const,
          ['Only with the running version', difference.onlyRunning] as const,
        ];
  if (difference !== null) lines.push(`${counted(difference.same, 'alert')} would be the same.`);
  return `${lines.join('\n')}\n${tables.map(([title, alerts]) => table(title, alerts)).join('')}`;
}

function said({ alerts, byStatus, firingSeconds, stillFiring }: ShownOutcome): string {
  if (alerts.count === 0) return 'no alerts';
  const statuses = Object.entries(byStatus).map(([status, count]) => `${inGroups(count)} ${status}`);
  const firing = `firing for ${inGroups(firingSeconds)} s in all, ${inGroups(stillFiring)} at the end`;
  return `${counted(alerts.count, 'alert')} (${statuses.join(', ')}), ${firing}`;
}

function table(title: string, { count, first }: Alerts): string {
  if (count === 0) return '';
  const rows = first.slice(0, ALERTS_PRINTED).map(({ at, status, severity, group, partition, message }) => {
    const place = Object.entries<Scalar>({ ...group, ...partition }).map(
      ([name, value]) => `${name}=${scalarText(value)}`,
    );
    return [at, status, severity, place.join(' '), message];
  });
  const more = count > rows.length ? `… and ${inGroups(count - rows.length)} more\n` : '';
  return `\n${title}:\n${textTable([['AT', 'STATUS', 'SEVERITY', 'WHERE', 'MESSAGE'], ...rows])}${more}`;
}
