import { dateTime } from '../../design/time/time.ts';
import { Pill } from '../../design/pill.tsx';
import type { AuditEntry } from '../../server/wire.ts';
import { actionText, originText, remarkText, subjectText } from './entry-text.ts';
import { ScrollTable } from '../../design/table/scroll-table.tsx';

const HEADS = ['When', 'Who', 'What', 'Client', 'About', 'From', 'Result'];

export const AuditTable = ({ entries }: { entries: readonly AuditEntry[] }) => (
  <ScrollTable label="entries of the audit" heads={HEADS}>
    {entries.map((entry, index) => (
      <tr key={`${entry.at} ${entries.length - index}`}>
        <td class="nowrap">{dateTime(entry.at)}</td>
        <td class="word">{entry.by ?? 'nobody said'}</td>
        <td class="nowrap">{actionText(entry.action)}</td>
        <td class="word">{entry.clientId ?? '–'}</td>
        <td class="word">
          {subjectText(entry)}
          {remarkText(entry) !== '' && <p class="aside">{remarkText(entry)}</p>}
        </td>
        <td class="word aside">{originText(entry.from)}</td>
        <td class="nowrap">
          <Pill text={entry.result} /> {entry.code !== undefined && <code>{entry.code}</code>}
        </td>
      </tr>
    ))}
  </ScrollTable>
);
