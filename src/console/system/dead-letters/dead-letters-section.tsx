import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { useLoaded } from '../../app/loading/use-loaded.ts';
import { useShortcuts } from '../../app/shortcuts/use-shortcuts.ts';
import { Failure } from '../../design/failure.tsx';
import { withQuery } from '../../server/query.ts';
import { DeadLetterActions } from './dead-letter-actions.tsx';
import { DeadLetterDialog } from './dead-letter-dialog.tsx';
import { DeadLetterFilters } from './dead-letter-filters.tsx';
import { DeadLetterTable } from './dead-letter-table.tsx';
import { getDeadLetters, type DeadLetterFilter } from './requests.ts';

const EVERY_MS = 10_000;
const STEP = 50;

/** Events that vigil could not read: why, and to replay or drop them. The address has the filter and the open one. */
export function DeadLettersSection() {
  const { may } = useConsole();
  const { path, query, route } = useLocation();
  const { client, reason, show } = query;
  const [wanted, setWanted] = useState(STEP);
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const list = useLoaded(
    JSON.stringify(['dead letters', client, reason]),
    () => getDeadLetters({ client, reason }, wanted),
    EVERY_MS,
    wanted,
  );
  useShortcuts([{ key: 'r', does: 'Read the dead letters again', run: list.reload }]);
  const change = (changes: DeadLetterFilter & { show?: string | undefined }): void => {
    setPicked(new Set());
    route(withQuery(path, { ...query, ...changes }), true);
  };
  const items = list.value?.items ?? [];
  const chosen = items.map(({ sequence }) => sequence).filter((sequence) => picked.has(sequence));
  const done = (): void => {
    setPicked(new Set());
    if (show !== undefined) change({ show: undefined });
    list.reload();
  };
  return (
    <section class="panel" aria-label="dead letters">
      <DeadLetterFilters client={client} reason={reason} onChange={change} />
      {list.error !== null && (
        <Failure text={`The dead letters could not be loaded. ${list.error}`} onRetry={list.reload} />
      )}
      {may('operator') && items.length > 0 && <DeadLetterActions sequences={chosen} onDone={done} />}
      {list.value !== null && items.length === 0 && <Nothing isFiltered={(client ?? reason) !== undefined} />}
      {items.length > 0 && (
        <DeadLetterTable
          deadLetters={items}
          picked={picked}
          onPick={may('operator') ? setPicked : null}
          linkTo={(sequence) => withQuery(path, { ...query, show: String(sequence) })}
        />
      )}
      {list.value?.hasMore && <button onClick={() => setWanted(wanted + STEP)}>Show more</button>}
      {show !== undefined && (
        <DeadLetterDialog
          key={show}
          sequence={Number(show)}
          onDone={done}
          onClose={() => change({ show: undefined })}
        />
      )}
    </section>
  );
}

const Nothing = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <p class="empty">No dead letter has this client and reason.</p>
  ) : (
    <p class="empty">
      No dead letters: vigil could read every event. An event that is no JSON, or whose client or time is wrong, would
      be here with the reason, to be replayed or dropped.
    </p>
  );
