import { useEffect, useState } from 'preact/hooks';
import { durationText } from '../../design/time/time.ts';
import type { AlertSummary } from '../../server/wire.ts';
import { alertAddress } from '../describe.ts';
import { isFiltered, NO_FILTERS, type Filters } from './filters.ts';
import { inOrder } from './grouping.ts';
import { getNewestAlert } from '../requests.ts';

interface NothingShownProps {
  filters: Filters;
  clientIds: readonly string[];
  nowMs: number;
  onChange: (change: Partial<Filters>) => void;
}

export function NothingShown({ filters, clientIds, nowMs, onChange }: NothingShownProps) {
  if (isFiltered(filters)) {
    const { state, group, order } = filters;
    return (
      <div class="empty-page">
        <h2>No alert matches the filters</h2>
        <p>Change them, or show all alerts.</p>
        <button type="button" onClick={() => onChange({ ...NO_FILTERS, state, group, order })}>
          Clear the filters
        </button>
      </div>
    );
  }
  return (
    <div class="empty-page">
      <h2>{filters.state === 'open' ? 'Nothing fires' : 'Nothing has fired in the last 30 days'}</h2>
      {filters.state === 'open' && <LastFired {...{ clientIds, nowMs }} />}
      <p>An alert appears here by itself as soon as a rule fires.</p>
    </div>
  );
}

function LastFired({ clientIds, nowMs }: Pick<NothingShownProps, 'clientIds' | 'nowMs'>) {
  const [newest, setNewest] = useState<AlertSummary | undefined>();
  const clients = clientIds.join();
  useEffect(() => {
    const reading = clientIds.map(async (clientId) => (await getNewestAlert(clientId)) ?? []);
    // The page says already if alerts cannot be read.
    Promise.all(reading).then(
      (found) => setNewest(inOrder(found.flat(), 'newest')[0]),
      () => undefined,
    );
  }, [clients]);
  if (newest === undefined) return null;
  const { message, ruleId, clientId, updatedAt } = newest;
  return (
    <p>
      Last: <a href={alertAddress(newest)}>{message || ruleId}</a> of {clientId},{' '}
      {durationText(nowMs - Date.parse(updatedAt))} ago.
    </p>
  );
}
