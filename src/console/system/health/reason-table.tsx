import { dateTime } from '../../design/time/time.ts';
import type { Health } from '../../server/wire.ts';
import { SECTIONS_OF_REASONS } from './advice.ts';

interface Props {
  reasons: Health['reasons'];
  /** Of all reasons; only the oldest are listed. */
  count: number;
}

/** What is degraded, since when, why, and what to do. */
export function ReasonTable({ reasons, count }: Props) {
  return (
    <ul class="reason-table" aria-label="what needs attention">
      {reasons.map(({ part, code, message, since }) => (
        <li key={`${code} ${since} ${message}`}>
          <p>
            <code>{code}</code> <strong>{part}</strong>{' '}
            <span class="aside">
              since <time dateTime={since}>{dateTime(since)}</time>
            </span>
          </p>
          <p>{message}</p>
          {SECTIONS_OF_REASONS[code] !== undefined && (
            <p class="aside">Read more in docs/operations.md: {SECTIONS_OF_REASONS[code]}.</p>
          )}
        </li>
      ))}
      {count > reasons.length && <li>and {count - reasons.length} more</li>}
    </ul>
  );
}
