import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { useLoaded } from '../../app/loading/use-loaded.ts';
import { Failure } from '../../design/failure.tsx';
import { ScrollTable } from '../../design/table/scroll-table.tsx';
import { withQuery } from '../../server/query.ts';
import type { ClientQuotas } from '../../server/wire.ts';
import { IdField } from '../filter-fields.tsx';
import { QuotaDialog } from './quota-dialog.tsx';
import { QUOTAS, quotaText } from './quota-text.ts';
import { findQuotas, putQuotas } from './requests.ts';

const EVERY_MS = 30_000;
const HEADS = ['Client', ...QUOTAS.map(([, title]) => title), 'Change'];

/** How much of vigil each client may use. For admins of all clients. */
export function QuotasSection() {
  const { say } = useConsole();
  const { path, query, route } = useLocation();
  const { client = '' } = query;
  const { value, error, reload } = useLoaded(`quotas ${client}`, () => findQuotas(client), EVERY_MS);
  const [asked, setAsked] = useState<ClientQuotas | null>(null);
  const change = async (clientId: string, own: ClientQuotas['own']): Promise<void> => {
    const { eventsFrom } = await putQuotas(clientId, own);
    const since =
      eventsFrom === null ? '' : ` That of events holds from ${new Date(eventsFrom).toLocaleTimeString()} on.`;
    say(`The quotas of ${clientId} are set.${since}`);
    reload();
  };
  return (
    <section class="panel" aria-label="quotas">
      <p class="aside">
        A quota limits one client and never affects another one. Without own ones, the defaults of the settings hold.
      </p>
      <div class="filters">
        <IdField label="Client" value={client} onChange={(text) => route(withQuery(path, { client: text }), true)} />
      </div>
      {error !== null && <Failure text={`The quotas could not be loaded. ${error}`} onRetry={reload} />}
      {value?.clients.length === 0 && (
        <p class="empty">No client has this in its id. A client appears after its first rule.</p>
      )}
      {value !== null && value.clients.length > 0 && (
        <ScrollTable label="quotas of clients" heads={HEADS}>
          {value.clients.map((each) => (
            <Row key={each.clientId} client={each} onChange={() => setAsked(each)} />
          ))}
        </ScrollTable>
      )}
      {value !== null && value.more > 0 && <p class="aside">and {value.more} more clients: search for one.</p>}
      {asked !== null && (
        <QuotaDialog client={asked} onConfirm={(own) => change(asked.clientId, own)} onClose={() => setAsked(null)} />
      )}
    </section>
  );
}

const Row = ({ client: { clientId, quotas, own }, onChange }: { client: ClientQuotas; onChange: () => void }) => (
  <tr>
    <th scope="row" class="word">
      {clientId}
    </th>
    {QUOTAS.map(([kind]) => (
      <td key={kind} class="nowrap">
        {quotaText(quotas[kind])} {own[kind] === undefined && <span class="aside">default</span>}
      </td>
    ))}
    <td>
      <button type="button" aria-label={`change the quotas of ${clientId}`} onClick={onChange}>
        Change
      </button>
    </td>
  </tr>
);
