import type { Health } from '../../server/wire.ts';
import { Account } from './account.tsx';
import { useConsole } from '../console.ts';
import { Navigation } from './navigation.tsx';

const CONNECTION_TEXT = { connecting: 'Connecting …', live: 'Live', lost: 'Reconnecting …' } as const;
const HEALTH_TEXT = {
  ok: 'All parts are up',
  degraded: 'Needs attention',
  starting: 'Starting …',
  down: 'A part is down',
} as const;

export function Header({ refresh }: { refresh: () => void }) {
  const { connection, health, links, session } = useConsole();
  const servers = links.value;
  return (
    <header class="top">
      <a class="brand" href="/">
        <img src="/favicon.svg" alt="" width="32" height="32" />
        vigil
      </a>
      <Navigation />
      <HealthView health={health.value} />
      <nav class="tools" aria-label="other tools">
        {servers?.temporalUi && (
          <a href={servers.temporalUi} target="_blank" rel="noreferrer">
            Temporal UI ↗
          </a>
        )}
        {servers && (
          <span class="address" title="Address for NATS clients">
            {servers.nats}
          </span>
        )}
      </nav>
      <p class="connection" role="status" data-connection={connection.value}>
        <i class="dot" aria-hidden="true" />
        {CONNECTION_TEXT[connection.value]}
      </p>
      {session.needsToken && session.access && <Account access={session.access} onLogout={refresh} />}
    </header>
  );
}

/** The system page lists all parts; here are those that are not up. */
function HealthView({ health }: { health: Health | null }) {
  return (
    <section class="health" data-health={health?.status ?? 'unknown'} aria-label="health">
      <a href="/system">{health ? HEALTH_TEXT[health.status] : 'No response yet'}</a>
      <ul>
        {Object.entries(health?.parts ?? {})
          .filter(([, { state }]) => !['up', 'off'].includes(state))
          .map(([name, { state, detail }]) => (
            <li key={name} data-part={state} title={detail ? `${state}: ${detail}` : state}>
              <i class="dot" aria-hidden="true" />
              {name}
              <span class="unseen"> {state}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}
