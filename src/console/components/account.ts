import { html, type VNode } from 'htm/preact/standalone';
import { logOut } from '../http.ts';
import type { Session } from '../wire.ts';

/** Who is logged in, and the way out. */
export function Account({ session: { access }, onLogout }: { session: Session; onLogout: () => void }): VNode {
  const leave = (): void => void logOut().then(onLogout);
  return html`
    <div class="account">
      <span title="name of your token">${access?.name}</span>
      <span class="aside">${access?.role}${access?.clientId != null && ` of ${access.clientId}`}</span>
      <button type="button" onClick=${leave}>Log out</button>
    </div>
  `;
}
