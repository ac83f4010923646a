import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../../server/send.ts';
import './dialog.css';

interface Props {
  title: string;
  children: ComponentChildren;
  /** The word on the button that does it. */
  action: string;
  /** Whether it may be done now. */
  isReady?: boolean;
  isDangerous?: boolean;
  /** The dialog stays open, and says why, if it fails. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** A native dialog that does one thing. Escape closes it. */
export function Dialog({ title, children, action, isReady = true, isDangerous = false, onConfirm, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    onConfirm().then(
      () => dialog.current?.close(),
      (failure: unknown) => {
        setError(errorText(failure));
        setBusy(false);
      },
    );
  };
  return (
    <dialog ref={dialog} class="dialog" aria-label={title} onClose={onClose}>
      <form onSubmit={submit}>
        <h2>{title}</h2>
        {children}
        {error !== null && (
          <p class="failure-text" role="alert">
            {error}
          </p>
        )}
        <footer>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} disabled={!isReady || isBusy}>
            {action}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
