import { useEffect, useReducer } from 'preact/hooks';
import { useConsole } from '../app/console.ts';
import { PageTitle } from '../app/page-title.tsx';
import { ClientPanel } from './panel/client-panel.tsx';
import { followClients } from './follow.ts';
import { FIRST_STATE, reduce } from './state.ts';
import './panel/panel.css';
import './panel/machines.css';
import './panel/alert-log.css';

/** The machines of each client, with its rules and newest alerts beside them. */
export function DemoPage() {
  const shared = useConsole();
  const [state, dispatch] = useReducer(reduce, FIRST_STATE);
  useEffect(() => followClients(shared, dispatch), []);

  const clients = [...state.clients].sort(([a], [b]) => a.localeCompare(b));
  return (
    <div class="clients">
      <PageTitle text="Machines" isUnseen />
      {clients.length === 0 && <NoClients isLive={shared.connection.value === 'live'} />}
      {clients.map(([clientId, client]) => (
        <ClientPanel key={clientId} clientId={clientId} client={client} dispatch={dispatch} />
      ))}
    </div>
  );
}

function NoClients({ isLive }: { isLive: boolean }) {
  if (!isLive) return <p class="empty-page">Connecting to vigil …</p>;
  return (
    <div class="empty-page">
      <h2>No clients yet</h2>
      <p>A client appears after its first event or rule:</p>
      <code>nats pub events.client-01.status '{'{"machineId":"m1","state":"stopped"}'}'</code>
    </div>
  );
}
