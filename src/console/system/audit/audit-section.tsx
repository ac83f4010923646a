import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { useLoaded } from '../../app/loading/use-loaded.ts';
import { Failure } from '../../design/failure.tsx';
import { withQuery } from '../../server/query.ts';
import { firstOf } from '../../server/send.ts';
import type { AuditEntry } from '../../server/wire.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { auditPath } from './filter.ts';

const EVERY_MS = 10_000;
const STEP = 100;

/** Who has changed what, when and from where. The address has the filter. */
export function AuditSection() {
  const { session } = useConsole();
  const { path, query, route } = useLocation();
  const { client, rule, action, since } = query;
  const filter = { client, rule, action, since };
  const onlyClient = session.access?.clientId ?? null;
  const [wanted, setWanted] = useState(STEP);
  const { value, error, reload } = useLoaded(
    JSON.stringify(['audit', client, rule, action, since]),
    () => firstOf<AuditEntry>(auditPath(filter, onlyClient, Date.now()), wanted, 'entries'),
    EVERY_MS,
    wanted,
  );
  return (
    <section class="panel" aria-label="audit">
      <AuditFilters
        filter={filter}
        onlyClient={onlyClient}
        onChange={(changes) => route(withQuery(path, { ...filter, ...changes }), true)}
      />
      {error !== null && <Failure text={`The audit could not be loaded. ${error}`} onRetry={reload} />}
      {value?.items.length === 0 && (
        <p class="empty">
          Nothing here. Changes of rules, and actions on alerts, dead letters and tokens appear here for a year, also
          refused ones.
        </p>
      )}
      {value !== null && value.items.length > 0 && <AuditTable entries={value.items} />}
      {value?.hasMore && <button onClick={() => setWanted(wanted + STEP)}>Show more</button>}
    </section>
  );
}
