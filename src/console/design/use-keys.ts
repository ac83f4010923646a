import { useEffect, useRef } from 'preact/hooks';

const TYPED_IN = 'input:not([type="checkbox"]), textarea, select, [contenteditable], dialog';

/** Keys of the page, by `KeyboardEvent.key`. They do nothing while somebody types, or a dialog is open. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey || document.querySelector('dialog[open]')) return;
      if (target instanceof Element && target.closest(TYPED_IN)) return;
      const act = Object.hasOwn(newest.current, key) ? newest.current[key] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
