import { ScrollTable } from '../../design/table/scroll-table.tsx';
import { dayTime } from '../../design/time/time.ts';
import type { AlertTransition } from '../../server/wire.ts';
import { keyText, momentOf } from '../describe.ts';

const HEADS = ['Partition', 'Value', 'Time', 'Event'];

/** The events that caused a transition. */
export function EvidenceTable({ transition }: { transition: AlertTransition }) {
  const { status, evidence } = transition;
  if (evidence === null) return null;
  const { items, total } = evidence;
  const title = `${status}, ${dayTime(momentOf(transition))}`;
  return (
    <div class="evidence">
      <h3>{title}</h3>
      <ScrollTable label={`evidence of ${title}`} heads={HEADS}>
        {items.map(({ partition, value, time, sequence }) => (
          <tr key={sequence}>
            <td>{keyText(partition) || '—'}</td>
            <td>{typeof value === 'string' ? value : JSON.stringify(value)}</td>
            <td class="nowrap">{dayTime(time)}</td>
            <td class="nowrap">#{sequence}</td>
          </tr>
        ))}
      </ScrollTable>
      {total > items.length && <p class="aside">and {total - items.length} more</p>}
    </div>
  );
}
