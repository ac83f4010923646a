import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  /** The question. It says how many things the action changes. */
  title: string;
  /** What the button does: `Drop 3`. */
  action: string;
  isDangerous?: boolean;
  children?: ComponentChildren;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before an action. The way out has the focus; Escape takes it too. */
export function ConfirmDialog({ title, action, isDangerous = false, children, onConfirm, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="confirm-title" onClose={onClose}>
      <h2 id="confirm-title">{title}</h2>
      {children}
      <footer>
        <button autofocus onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button
          class={isDangerous ? 'danger' : 'primary'}
          onClick={() => {
            dialog.current?.close();
            onConfirm();
          }}
        >
          {action}
        </button>
      </footer>
    </dialog>
  );
}
