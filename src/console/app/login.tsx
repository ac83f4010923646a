import { useState } from 'preact/hooks';
import { logIn } from '../server/requests.ts';
import { errorText } from '../server/send.ts';
import type { Session } from '../server/wire.ts';

/** Asks for a token. */
export function Login({ onDone }: { onDone: (session: Session) => void }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const token = new FormData(event.target as HTMLFormElement).get('token');
    setBusy(true);
    logIn(typeof token === 'string' ? token.trim() : '')
      .then(onDone, (failure: unknown) => setError(errorText(failure)))
      .finally(() => setBusy(false));
  };
  return (
    <main class="login">
      <form class="panel" onSubmit={submit}>
        <div class="brand">
          <img src="/favicon.svg" alt="" width="32" height="32" />
          <h1>vigil</h1>
        </div>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
        {error !== null && (
          <p class="problem" role="alert">
            {error}
          </p>
        )}
        <button type="submit" disabled={isBusy}>
          Log in
        </button>
        <p class="aside">
          An admin creates tokens with <code>vigil tokens create</code>.
        </p>
      </form>
    </main>
  );
}
