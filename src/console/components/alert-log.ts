import { html, type VNode } from 'htm/preact/standalone';
import type { AlertView } from '../state.ts';
import { clockTime } from './time.ts';

const EMPTY_TEXT = 'No alerts yet. Alerts appear here when a rule starts or stops firing.';

/** The newest alerts of one client, updated live. */
export function AlertLog({ clientId, alerts }: { clientId: string; alerts: readonly AlertView[] }): VNode {
  return html`
    <h3>Alerts</h3>
    <div class="alerts" role="log" aria-label=${`alerts of ${clientId}`} tabindex="0">
      ${alerts.length === 0 && html`<p class="empty">${EMPTY_TEXT}</p>`}
      <ol>
        ${alerts.map(
          ({ key, time, status, severity, message, ruleId, test }) => html`
            <li key=${key} data-status=${status} data-severity=${severity}>
              <time datetime=${time}>${clockTime(time)}</time>
              <span class="pill" data-tone=${status}>${status}</span>
              <span class="severity">${severity}</span>
              <span class="message">${test && html`<b class="test">test</b> `}${message || ruleId}</span>
            </li>
          `,
        )}
      </ol>
    </div>
  `;
}
