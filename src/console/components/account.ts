import { html, type VNode } from 'htm/preact/standalone';
import { logOut } from '../http.ts';
import type { Session } from '../wire.ts';

interface AccountProps {
  access: NonNullable<Session['access']>;
  onLogout: () => void;
}

/** Who is logged in, and the way out. */
export function Account({ access: { name, role, clientId }, onLogout }: AccountProps): VNode {
  const leave = (): void => void logOut().then(onLogout);
  return html`
    <div class="account">
      <span title="name of your token">${name}</span>
      <span class="aside">${role}${clientId !== null && ` of ${clientId}`}</span>
      <button type="button" onClick=${leave}>Log out</button>
    </div>
  `;
}
