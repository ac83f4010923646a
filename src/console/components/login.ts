import { html, useState, type VNode } from 'htm/preact/standalone';
import { errorText, logIn } from '../http.ts';
import type { Session } from '../wire.ts';

/** Asks for a token. */
export function Login({ onDone }: { onDone: (session: Session) => void }): VNode {
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
  return html`
    <main class="login">
      <form class="panel" onSubmit=${submit}>
        <div class="brand">
          <img src="/favicon.svg" alt="" width="32" height="32" />
          <h1>vigil</h1>
        </div>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
        ${error !== null && html`<p class="problem" role="alert">${error}</p>`}
        <button type="submit" disabled=${isBusy}>Log in</button>
        <p class="aside">An admin creates tokens with <code>vigil tokens create</code>.</p>
      </form>
    </main>
  `;
}
