import { useEffect, useState } from 'preact/hooks';
import { getSession } from '../server/requests.ts';
import type { Session } from '../server/wire.ts';
import { App } from './app.tsx';
import { Login } from './login.tsx';

const TRY_AGAIN_MS = 2_000;

/** The console for whoever is logged in, else the login. */
export function Root() {
  const [session, setSession] = useState<Session | null>(null);
  // While vigil does not answer, nobody is logged out.
  const refresh = (): Promise<void> => getSession().then(setSession, () => undefined);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void (session === null && refresh()), TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [session === null]);

  if (session === null) return <p class="empty-page">Connecting to vigil …</p>;
  if (session.access === null) return <Login onDone={setSession} />;
  return <App session={session} refresh={() => void refresh()} />;
}
