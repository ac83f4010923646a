/** A text that is not saved, and the version that it is to replace; null: of a new rule. */
export interface Draft {
  text: string;
  version: number | null;
}

export interface Drafts {
  get(address: string): Draft | null;
  set(address: string, draft: Draft): void;
  delete(address: string): void;
}

interface DraftStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const keyOf = (address: string): string => `vigil draft ${address}`;

/** Drafts by the address of the page, for one tab of the browser: neither a reload nor its back button loses them. */
export const draftsIn = (storage: DraftStorage): Drafts => ({
  get(address) {
    try {
      const { text, version } = JSON.parse(storage.getItem(keyOf(address)) ?? '{}') as Partial<Draft>;
      return typeof text === 'string' ? { text, version: version ?? null } : null;
    } catch {
      return null;
    }
  },
  set(address, draft) {
    try {
      storage.setItem(keyOf(address), JSON.stringify(draft));
    } catch {
      // The storage is full or off. The editor asks before it is left.
    }
  },
  delete: (address) => storage.removeItem(keyOf(address)),
});
