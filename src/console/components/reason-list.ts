import { html, type VNode } from 'htm/preact/standalone';
import type { Health } from '../wire.ts';

/** Why parts are degraded, oldest first. */
export function ReasonList({ health }: { health: Health | null }): VNode | null {
  if (health === null || health.reasons.length === 0) return null;
  const { reasons, reasonCount } = health;
  const more = reasonCount - reasons.length;
  return html`
    <ul class="reasons" aria-label="degraded reasons">
      ${reasons.map(
        ({ part, code, message, since }) => html`
          <li key=${`${code} ${since} ${message}`} title=${`${part}, since ${since}`}>
            <code>${code}</code> ${message}
          </li>
        `,
      )}
      ${more > 0 && html`<li>and ${more} more</li>`}
    </ul>
  `;
}
