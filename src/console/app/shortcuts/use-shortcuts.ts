import { useEffect, useRef } from 'preact/hooks';
import { useConsole } from '../console.ts';
import type { Shortcut } from './shortcuts.ts';

/** The shortcuts of a page, while it is open. `?` lists them. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { shortcuts: registry } = useConsole();
  // A key does what the page shows, also before the effects of its last render have run.
  const newest = useRef(shortcuts);
  newest.current = shortcuts;
  const run = (key: string) => (): void => newest.current.find((shortcut) => shortcut.key === key)?.run();
  useEffect(
    () => registry.add(shortcuts.map(({ key, does }) => ({ key, does, run: run(key) }))),
    [shortcuts.map(({ key, does }) => `${key} ${does}`).join('\n')],
  );
}
