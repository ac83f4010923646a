import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { useLoaded } from '../../app/loading/use-loaded.ts';
import { Dialog } from '../../design/dialog/dialog.tsx';
import { Failure } from '../../design/failure.tsx';
import type { Token } from '../../server/wire.ts';
import { CreateToken } from './create-token.tsx';
import { getTokens, revokeToken } from './requests.ts';
import { TokenTable } from './token-table.tsx';
import { inOrder } from './token-state.ts';

const EVERY_MS = 30_000;

/** Who may use vigil. For admins. */
export function TokensSection() {
  const { say } = useConsole();
  const { value, error, reload } = useLoaded('tokens', getTokens, EVERY_MS);
  const [asked, setAsked] = useState<Token | null>(null);
  const revoke = async ({ id, name }: Token): Promise<void> => {
    await revokeToken(id);
    say(`The token ${name} is revoked.`);
    reload();
  };
  return (
    <>
      <CreateToken onCreated={reload} />
      <section class="panel" aria-labelledby="tokens">
        <header>
          <h2 id="tokens">Tokens</h2>
        </header>
        {error !== null && <Failure text={`The tokens could not be loaded. ${error}`} onRetry={reload} />}
        {value?.length === 0 && (
          <p class="empty">
            No tokens yet: everybody on this machine is admin, and vigil listens on this machine only. The first token
            must be an admin of all clients; from then on everybody needs a token.
          </p>
        )}
        {value !== null && value.length > 0 && <TokenTable tokens={inOrder(value, Date.now())} onRevoke={setAsked} />}
      </section>
      {asked !== null && (
        <Dialog
          title={`Revoke the token ${asked.name}?`}
          action="Revoke"
          isDangerous
          onConfirm={() => revoke(asked)}
          onClose={() => setAsked(null)}
        >
          <p>It lets nobody in any more, also where it is in use. This cannot be undone.</p>
        </Dialog>
      )}
    </>
  );
}
