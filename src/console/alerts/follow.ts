import type { Console } from '../app/console.ts';
import { getClients } from '../server/requests.ts';
import { errorText } from '../server/send.ts';
import type { ShownState } from './list/filters.ts';
import { getAlerts } from './requests.ts';
import type { Change } from './state.ts';

/** The lists follow the alert stream within moments, so they are read more than once after a message. */
export const AFTER_ALERT_MS = [100, 600, 2_500];
/** In case a message was missed. */
export const EVERYTHING_MS = 15_000;
/** Lists that are read at the same time. */
const AT_ONCE = 6;

export interface Following {
  /** Reads everything again. */
  refresh: () => void;
  stop: () => void;
}

interface Listener {
  dispatch: (change: Change) => void;
  /** Why the alerts could not be read; null: they could. */
  onFailure: (text: string | null) => void;
}

/** Keeps the alerts of all clients in step with the server. */
export function followAlerts(live: Console['live'], state: ShownState, { dispatch, onFailure }: Listener): Following {
  let isStopped = false;
  const asked = new Map<string, number>();
  const waiting = new Set<string>();

  async function readList(clientId: string): Promise<void> {
    const turn = (asked.get(clientId) ?? 0) + 1;
    asked.set(clientId, turn);
    const alerts = await getAlerts(clientId, state);
    // An answer that comes after that of a later request is old.
    if (!isStopped && asked.get(clientId) === turn) dispatch({ type: 'list', clientId, alerts });
  }
  async function readAll(): Promise<void> {
    const clientIds = await getClients();
    const left = [...clientIds];
    const readSome = async (): Promise<void> => {
      for (let clientId = left.shift(); clientId !== undefined; clientId = left.shift()) await readList(clientId);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readSome));
    if (!isStopped) dispatch({ type: 'complete', clientIds });
  }
  const tell = (failure: string | null): void => {
    if (!isStopped) onFailure(failure);
  };
  const report = (reading: Promise<void>): void => {
    reading.then(
      () => tell(null),
      (error: unknown) => tell(errorText(error)),
    );
  };
  /** Messages that come in the meantime need no further reading. */
  const readSoon = (clientId: string, delayMs: number): void => {
    const key = `${clientId} ${delayMs}`;
    if (waiting.has(key)) return;
    waiting.add(key);
    setTimeout(() => {
      waiting.delete(key);
      if (!isStopped) report(readList(clientId));
    }, delayMs);
  };
  const refresh = (): void => report(readAll());
  const leave = live.listen({
    connected: refresh,
    messages(messages) {
      for (const message of messages)
        if (message.kind === 'alert' && message.alert.data.status !== 'heartbeat')
          for (const delayMs of AFTER_ALERT_MS) readSoon(message.alert.data.clientId, delayMs);
    },
  });
  const everything = setInterval(() => {
    if (!document.hidden) refresh();
  }, EVERYTHING_MS);
  refresh();
  return {
    refresh,
    stop() {
      isStopped = true;
      leave();
      clearInterval(everything);
    },
  };
}
