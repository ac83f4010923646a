import { VigilError } from '../../core/primitives/errors.ts';

/** Previews that one process runs at a time, all clients together. */
const AT_ONCE = 2;
/** When to ask again. */
export const RETRY_AFTER_SECONDS = 10;

/** Who runs a preview now: one for each client, so that none takes the places of the others. */
export class PreviewSlots {
  private readonly clients = new Set<string>();

  /** Takes a place. Returns the function that gives it back. @throws VigilError PREVIEW_BUSY */
  take(clientId: string): () => void {
    const fields = { clientId, retryAfterSeconds: RETRY_AFTER_SECONDS };
    const again = `Ask again in ${RETRY_AFTER_SECONDS} seconds.`;
    if (this.clients.has(clientId))
      throw new VigilError('PREVIEW_BUSY', `A preview of this client runs already. ${again}`, fields);
    if (this.clients.size >= AT_ONCE)
      throw new VigilError('PREVIEW_BUSY', `Previews of other clients run. ${again}`, fields);
    this.clients.add(clientId);
    let isHeld = true;
    return () => {
      if (isHeld) this.clients.delete(clientId);
      isHeld = false;
    };
  }
}
