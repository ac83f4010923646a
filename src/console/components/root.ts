import { html, useEffect, useState, type VNode } from 'htm/preact/standalone';
import { getSession } from '../http.ts';
import type { Session } from '../wire.ts';
import { App } from './app.ts';
import { Login } from './login.ts';

const TRY_AGAIN_MS = 2_000;

/** The console for whoever is logged in, else the login. */
export function Root(): VNode {
  const [session, setSession] = useState<Session | null>(null);
  // While vigil does not answer, nobody is logged out.
  const refresh = (): Promise<void> => getSession().then(setSession, () => undefined);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void (session === null && refresh()), TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [session === null]);

  if (session === null) return html`<p class="empty-page">Connecting to vigil …</p>`;
  if (session.access === null) return html`<${Login} onDone=${setSession} />`;
  return html`<${App} session=${session} onLost=${refresh} onLogout=${refresh} />`;
}
