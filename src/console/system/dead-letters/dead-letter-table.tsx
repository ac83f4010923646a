import { dateTime } from '../../design/time/time.ts';
import type { DeadLetterSummary } from '../../server/wire.ts';
import { ScrollTable } from '../../design/table/scroll-table.tsx';

const HEADS = ['Number', 'When', 'Client', 'Reason', 'Subject', 'Event'];

interface Props {
  deadLetters: readonly DeadLetterSummary[];
  picked: ReadonlySet<number>;
  /** Null: the user may not act on them. */
  onPick: ((picked: ReadonlySet<number>) => void) | null;
  linkTo: (sequence: number) => string;
}

export function DeadLetterTable({ deadLetters, picked, onPick, linkTo }: Props) {
  const all = deadLetters.map(({ sequence }) => sequence);
  const areAll = all.every((sequence) => picked.has(sequence));
  const toggle = (sequence: number): void => {
    const next = new Set(picked);
    if (!next.delete(sequence)) next.add(sequence);
    onPick?.(next);
  };
  return (
    <ScrollTable
      label="list of dead letters"
      heads={HEADS}
      controls={
        onPick && (
          <th>
            <input
              type="checkbox"
              aria-label="choose all dead letters that are shown"
              checked={areAll}
              onChange={() => onPick(new Set(areAll ? [] : all))}
            />
          </th>
        )
      }
    >
      {deadLetters.map(({ sequence, buriedAt, clientId, reason, subject, preview, detail }) => (
        <tr key={sequence}>
          {onPick && (
            <td>
              <input
                type="checkbox"
                aria-label={`choose dead letter ${sequence}`}
                checked={picked.has(sequence)}
                onChange={() => toggle(sequence)}
              />
            </td>
          )}
          <td>
            <a href={linkTo(sequence)} aria-label={`dead letter ${sequence}`}>
              {sequence}
            </a>
          </td>
          <td class="nowrap">{dateTime(buriedAt)}</td>
          <td class="word">{clientId}</td>
          <td class="nowrap" title={detail ?? undefined}>
            {reason ?? '–'}
          </td>
          <td class="word">{subject ?? '–'}</td>
          <td class="data-preview">{preview}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
