/** A text that is not saved, and the version that it began with. */
interface Draft {
  text: string;
  version: number | null;
}

/** By the address of the page, as long as the console is open: the browser's back button loses nothing. */
export const drafts = new Map<string, Draft>();
