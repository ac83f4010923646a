import { useEffect } from 'preact/hooks';
import { useConsole } from './console.ts';
import type { Shortcut } from './shortcuts.ts';

/** The shortcuts of a page, while it is open. `?` lists them. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { shortcuts: registry } = useConsole();
  useEffect(() => registry.add(shortcuts));
}
