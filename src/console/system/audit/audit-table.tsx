import { dateTime } from '../../design/time.ts';
import { Pill } from '../../design/pill.tsx';
import type { AuditEntry } from '../../server/wire.ts';
import { actionText, originText, remarkText, subjectText } from './entry-text.ts';

export const AuditTable = ({ entries }: { entries: readonly AuditEntry[] }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label="entries of the audit">
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">Client</th>
          <th scope="col">About</th>
          <th scope="col">From</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
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
      </tbody>
    </table>
  </div>
);
