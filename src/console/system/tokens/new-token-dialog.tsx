import { useEffect, useRef, useState } from 'preact/hooks';
import type { CreatedToken } from './requests.ts';

interface Props {
  created: CreatedToken;
  onClose: () => void;
}

/** The token itself, which vigil shows only now. */
export function NewTokenDialog({ created, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const copy = (): void => {
    // Browsers refuse it on pages without TLS.
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(created.token))
      .then(
        () => setCopied('yes'),
        () => setCopied('no'),
      );
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="new-token" onClose={onClose}>
      <h2 id="new-token">The token {created.name}</h2>
      <p>Copy it now: vigil stores only a hash of it, and shows it only once.</p>
      <input
        class="secret"
        readonly
        aria-label="token"
        value={created.token}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <p class="aside" role="status">
        {copied === 'yes' && 'It is in the clipboard.'}
        {copied === 'no' && 'The browser does not allow it: select the text and copy it.'}
      </p>
      <footer>
        <button onClick={copy}>Copy</button>
        <button class="primary" onClick={() => dialog.current?.close()}>
          Done
        </button>
      </footer>
    </dialog>
  );
}
