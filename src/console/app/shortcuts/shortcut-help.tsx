import { useEffect, useRef } from 'preact/hooks';
import { useConsole } from '../console.ts';

/** Text goes into these; everything else may have shortcuts. */
const TYPING = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]';

/** Listens to the keyboard, and lists its shortcuts after `?`. */
export function ShortcutHelp() {
  const { shortcuts } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const remove = shortcuts.add([{ key: '?', does: 'Show this list', run: () => dialog.current?.showModal() }]);
    const press = (event: KeyboardEvent): void => {
      // Inside of a shadow root too.
      const [target] = event.composedPath();
      const isTyping = target instanceof Element && target.closest(TYPING) !== null;
      if (event.defaultPrevented || (isTyping && !event.ctrlKey && !event.metaKey)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      if (shortcuts.press(event)) event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => {
      remove();
      document.removeEventListener('keydown', press);
    };
  }, [shortcuts]);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="shortcut-help">
      <h2 id="shortcut-help">Keyboard shortcuts</h2>
      <dl class="shortcuts">
        {shortcuts.all.value.map(({ key, does }) => (
          <div key={`${key} ${does}`}>
            <dt>
              <kbd>{key.replace('Mod+', 'Ctrl/⌘ ')}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  );
}
