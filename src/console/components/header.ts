import { html, type VNode } from 'htm/preact/standalone';
import type { ConsoleState } from '../state.ts';
import type { Health } from '../wire.ts';

const CONNECTION_TEXT = { connecting: 'Connecting …', live: 'Live', lost: 'Reconnecting …' } as const;
const HEALTH_TEXT = {
  ok: 'All parts are up',
  degraded: 'Needs attention',
  starting: 'Starting …',
  down: 'A part is down',
} as const;

type HeaderProps = Pick<ConsoleState, 'connection' | 'health' | 'links'> & { children?: unknown };

export function Header({ connection, health, links, children }: HeaderProps): VNode {
  return html`
    <header class="top">
      <div class="brand">
        <img src="/favicon.svg" alt="" width="32" height="32" />
        <h1>vigil</h1>
      </div>
      <${HealthView} health=${health} />
      <nav aria-label="other tools">
        ${links?.temporalUi && html`<a href=${links.temporalUi} target="_blank" rel="noreferrer">Temporal UI ↗</a>`}
        ${links && html`<span class="address" title="Address for NATS clients">${links.nats}</span>`}
      </nav>
      <p class="connection" role="status" data-connection=${connection}>
        <i class="dot" aria-hidden="true"></i>${CONNECTION_TEXT[connection]}
      </p>
      ${children}
    </header>
  `;
}

function HealthView({ health }: { health: Health | null }): VNode {
  const status = health?.status ?? 'unknown';
  return html`
    <section class="health" data-health=${status} aria-label="health">
      <strong>${health ? HEALTH_TEXT[health.status] : 'No response yet'}</strong>
      <ul>
        ${Object.entries(health?.parts ?? {}).map(
          ([name, { state, detail }]) => html`
            <li key=${name} data-part=${state} title=${detail ? `${state}: ${detail}` : state}>
              <i class="dot" aria-hidden="true"></i>${name}<span class="unseen"> ${state}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
