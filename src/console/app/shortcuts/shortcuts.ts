import { signal, type ReadonlySignal } from '@preact/signals';

export interface Shortcut {
  /** As in KeyboardEvent.key: `a`, `?`, `Enter`. `Mod+s` is s with Ctrl or ⌘, also while somebody types. */
  key: string;
  /** What it does, for the help: `Acknowledge`. */
  does: string;
  run: () => void;
}

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The keyboard shortcuts of the frame and of the page that is open. */
export class Shortcuts {
  private readonly registered = signal<readonly Shortcut[]>([]);

  get all(): ReadonlySignal<readonly Shortcut[]> {
    return this.registered;
  }

  /** Returns how to remove them. */
  add(more: readonly Shortcut[]): () => void {
    this.registered.value = [...this.registered.peek(), ...more];
    return () => {
      this.registered.value = this.registered.peek().filter((shortcut) => !more.includes(shortcut));
    };
  }

  /** Runs the newest shortcut with this key. Returns whether there is one. Other keys with Ctrl, Alt or ⌘ are the browser's. */
  press({ key, ctrlKey, metaKey, altKey }: Pressed): boolean {
    if (altKey) return false;
    const pressed = ctrlKey || metaKey ? `Mod+${key}` : key;
    const found = this.registered.peek().findLast((shortcut) => shortcut.key === pressed);
    found?.run();
    return found !== undefined;
  }
}
