import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { errorText } from '../../server/send.ts';
import type { Role } from '../../server/wire.ts';
import { NewTokenDialog } from './new-token-dialog.tsx';
import { createToken, type CreatedToken } from './requests.ts';

/** What each role may do, from the least. */
const ROLES: readonly [Role, string][] = [
  ['sender', 'sends events'],
  ['viewer', 'reads'],
  ['operator', 'also acts on alerts and dead letters'],
  ['editor', 'also changes rules and sends events'],
  ['admin', 'also resets, and manages tokens'],
];
const EXPIRY: readonly [string, string][] = [
  ['90d', '90 days'],
  ['30d', '30 days'],
  ['365d', 'a year'],
  ['never', 'never'],
];

/** Creates a token, and shows it once. */
export function CreateToken({ onCreated }: { onCreated: () => void }) {
  const { session } = useConsole();
  const onlyClient = session.access?.clientId ?? null;
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = Object.fromEntries(new FormData(form)) as Record<'name' | 'role' | 'clientId' | 'expiresIn', string>;
    const clientId = onlyClient ?? data.clientId.trim();
    setBusy(true);
    setError(null);
    createToken({
      ...{ name: data.name.trim(), role: data.role as Role, expiresIn: data.expiresIn },
      ...(clientId !== '' && { clientId }),
    })
      .then(
        (token) => {
          form.reset();
          setCreated(token);
          onCreated();
        },
        (failure: unknown) => setError(errorText(failure)),
      )
      .finally(() => setBusy(false));
  };
  return (
    <section class="panel" aria-labelledby="create-token">
      <header>
        <h2 id="create-token">Create a token</h2>
      </header>
      <form class="filters" onSubmit={submit}>
        <label>
          Name
          <input name="name" required maxLength={64} placeholder="ci" autocomplete="off" />
        </label>
        <label>
          Role
          <select name="role" defaultValue="viewer">
            {ROLES.map(([role, does]) => (
              <option key={role} value={role} selected={role === 'viewer'}>
                {role}: {does}
              </option>
            ))}
          </select>
        </label>
        {onlyClient === null && (
          <label>
            Client
            <input name="clientId" maxLength={64} placeholder="all" autocomplete="off" />
          </label>
        )}
        <label>
          Expires
          <select name="expiresIn">
            {EXPIRY.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <button class="primary" disabled={isBusy}>
          Create
        </button>
      </form>
      {error !== null && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
      {created !== null && <NewTokenDialog created={created} onClose={() => setCreated(null)} />}
    </section>
  );
}
