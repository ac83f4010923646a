import { errorText, getAlerts, getClients, getHealth, getLinks, getMachines, getRules } from './http.ts';
import { followLive } from './live.ts';
import type { Change } from './state.ts';
import type { LiveMessage } from './wire.ts';

/** Health has no live updates, so it is polled. Clients and rules are polled in case a live message was missed. */
const HEALTH_MS = 5_000;
const EVERYTHING_MS = 15_000;
/** Rule status comes from Temporal's visibility index, which lags behind the alert, so it is read twice. */
const AFTER_ALERT_MS = [150, 1_500];
const AFTER_STATUS_MS = [1_000];

type Dispatch = (change: Change) => void;

interface SessionOptions {
  /** Whether the user has access to all clients. */
  ofAll: boolean;
  /** Called when the connection is lost. */
  onLost: () => void;
}

/** Keeps the state in sync with the server until the returned function is called. */
export function startSession(dispatch: Dispatch, { ofAll, onLost }: SessionOptions): () => void {
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
  const refreshHealth = (): void => {
    getHealth().then(
      (health) => dispatch({ type: 'health', health }),
      () => dispatch({ type: 'health', health: null }),
    );
  };
  const reportErrors = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => dispatch({ type: 'notice', notice: { text: errorText(error), bad: true } }));
  };

  const soon = once((clientId) => reportErrors(refreshRules(clientId)));
  const follow = (message: LiveMessage): void => {
    const clientId = message.kind === 'alert' ? message.alert.data.clientId : message.clientId;
    const delays = message.kind === 'alert' ? AFTER_ALERT_MS : message.type === 'status' ? AFTER_STATUS_MS : [];
    for (const delayMs of delays) soon(clientId, delayMs);
  };

  const stopLive = followLive({
    connected() {
      dispatch({ type: 'connection', connection: 'live' });
      refreshHealth();
      reportErrors(
        Promise.all([
          refreshClients(),
          refreshMachines(),
          // The addresses of the servers, where one sees all clients.
          ofAll && getLinks().then((links) => dispatch({ type: 'links', links })),
        ]),
      );
    },
    lost() {
      dispatch({ type: 'connection', connection: 'lost' });
      refreshHealth();
      onLost();
    },
    messages(messages) {
      dispatch({ type: 'live', messages, atMs: Date.now() });
      messages.forEach(follow);
    },
  });
  refreshHealth();
  const health = setInterval(refreshHealth, HEALTH_MS);
  const everything = setInterval(() => {
    if (!document.hidden) refreshClients().catch(() => refreshHealth());
  }, EVERYTHING_MS);
  return () => {
    stopLive();
    clearInterval(health);
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
