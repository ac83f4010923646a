import { dayTime } from '../design/time.ts';
import type { AlertTransition } from '../server/wire.ts';
import { keyText } from './describe.ts';

/** The events that caused a transition. */
export function EvidenceTable({ transition: { status, at, evidence } }: { transition: AlertTransition }) {
  if (evidence === null) return null;
  const { items, total } = evidence;
  return (
    <div class="evidence">
      <table>
        <caption class="aside">
          {status}, {dayTime(at)}
        </caption>
        <thead>
          <tr>
            <th scope="col">Partition</th>
            <th scope="col">Value</th>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ partition, value, time, sequence }) => (
            <tr key={sequence}>
              <td>{keyText(partition) || '—'}</td>
              <td>{typeof value === 'string' ? value : JSON.stringify(value)}</td>
              <td>{dayTime(time)}</td>
              <td>#{sequence}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > items.length && <p class="aside">and {total - items.length} more</p>}
    </div>
  );
}
