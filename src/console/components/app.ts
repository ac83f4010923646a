import { html, useEffect, useReducer, type VNode } from 'htm/preact/standalone';
import { FIRST_STATE, reduce } from '../state.ts';
import { startSession } from '../session.ts';
import type { Session } from '../wire.ts';
import { Account } from './account.ts';
import { ClientPanel } from './client-panel.ts';
import { Header } from './header.ts';
import { NoticeBar } from './notice-bar.ts';
import { ReasonList } from './reason-list.ts';

interface AppProps {
  session: Session;
  /** The connection is lost, perhaps because the token is not valid any more. */
  onLost: () => void;
  onLogout: () => void;
}

export function App({ session, onLost, onLogout }: AppProps): VNode {
  const [state, dispatch] = useReducer(reduce, FIRST_STATE);
  useEffect(() => startSession(dispatch, { ofAll: session.access?.clientId === null, onLost }), []);

  const clients = [...state.clients].sort(([a], [b]) => a.localeCompare(b));
  return html`
    <${Header} connection=${state.connection} health=${state.health} links=${state.links}>
      ${session.needsToken && html`<${Account} access=${session.access} onLogout=${onLogout} />`}
    <//>
    <main>
      <${ReasonList} health=${state.health} />
      ${clients.length === 0 && html`<${NoClients} connection=${state.connection} />`}
      ${clients.map(
        ([clientId, client]) =>
          html`<${ClientPanel} key=${clientId} clientId=${clientId} client=${client} dispatch=${dispatch} />`,
      )}
    </main>
    <${NoticeBar} notice=${state.notice} dismiss=${() => dispatch({ type: 'notice', notice: null })} />
  `;
}

function NoClients({ connection }: { connection: string }): VNode {
  if (connection !== 'live') return html`<p class="empty-page">Connecting to vigil …</p>`;
  return html`
    <div class="empty-page">
      <h2>No clients yet</h2>
      <p>A client appears after its first event or rule:</p>
      <code>nats pub events.client-01.status '${'{"machineId":"m1","state":"stopped"}'}'</code>
    </div>
  `;
}
