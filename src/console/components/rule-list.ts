import { html, type VNode } from 'htm/preact/standalone';
import type { RuleEntry } from '../wire.ts';

export function RuleList({ clientId, rules }: { clientId: string; rules: readonly RuleEntry[] }): VNode {
  return html`
    <h3>Rules</h3>
    ${
      rules.length === 0
        ? html`<p class="empty">No rules yet. Create one with: <code>vigil rules apply FILE</code></p>`
        : html`<ul class="rules" aria-label=${`rules of ${clientId}`}>
            ${rules.map(
              ({ rule, edition, status }) => html`
                <li key=${rule.id} data-status=${status} aria-label=${`${rule.id} is ${status}`}>
                  <span class="title">${rule.name ?? rule.id}</span>
                  <span class="aside">${rule.id} · ${edition === null ? 'many versions' : `version ${edition}`}</span>
                  <span class="pill" data-tone=${status}>${status}</span>
                </li>
              `,
            )}
          </ul>`
    }
  `;
}
