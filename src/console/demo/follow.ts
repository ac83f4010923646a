import type { Console } from '../app/console.ts';
import type { LiveMessage } from '../server/wire.ts';
import { getClients } from '../server/requests.ts';
import { getAlerts, getMachines, getRules } from './requests.ts';
import type { Change } from './state.ts';

/** Clients and rules are polled in case a live message was missed. */
const EVERYTHING_MS = 15_000;
/** Rule status comes from Temporal's visibility index, which lags behind the alert, so it is read twice. */
const AFTER_ALERT_MS = [150, 1_500];
const AFTER_STATUS_MS = [1_000];

/** Keeps the state of all clients in sync with the server until the returned function is called. */
export function followClients(
  { live, attempt }: Pick<Console, 'live' | 'attempt'>,
  dispatch: (change: Change) => void,
): () => void {
  const refreshRules = async (clientId: string): Promise<void> =>
    dispatch({ type: 'rules', clientId, rules: await getRules(clientId) });
  const refreshAlerts = async (clientId: string): Promise<void> =>
    dispatch({ type: 'alerts', clientId, alerts: await getAlerts(clientId) });
  const refreshClients = async (): Promise<void> => {
    const clients = await getClients();
    dispatch({ type: 'clients', clientIds: clients });
    await Promise.all(clients.flatMap((clientId) => [refreshRules(clientId), refreshAlerts(clientId)]));
  };
  const refreshMachines = async (): Promise<void> => {
    const askedAtMs = Date.now();
    dispatch({ type: 'machines', askedAtMs, ...(await getMachines()) });
  };

  const soon = once((clientId) => attempt(refreshRules(clientId)));
  const follow = (message: LiveMessage): void => {
    const clientId = message.kind === 'alert' ? message.alert.data.clientId : message.clientId;
    const delays = message.kind === 'alert' ? AFTER_ALERT_MS : message.type === 'status' ? AFTER_STATUS_MS : [];
    for (const delayMs of delays) soon(clientId, delayMs);
  };

  const leave = live.listen({
    connected: () => attempt(Promise.all([refreshClients(), refreshMachines()])),
    messages(messages) {
      dispatch({ type: 'live', messages, atMs: Date.now() });
      messages.forEach(follow);
    },
  });
  const everything = setInterval(() => {
    // The header says that the connection is lost.
    if (!document.hidden) refreshClients().catch(() => undefined);
  }, EVERYTHING_MS);
  return () => {
    leave();
    clearInterval(everything);
  };
}

/** Ignores further calls for the same client and delay until the first one has run. */
function once(run: (clientId: string) => void): (clientId: string, delayMs: number) => void {
  const waiting = new Set<string>();
  return (clientId, delayMs) => {
    const key = `${clientId} ${delayMs}`;
    if (waiting.has(key)) return;
    waiting.add(key);
    setTimeout(() => {
      waiting.delete(key);
      run(clientId);
    }, delayMs);
  };
}
