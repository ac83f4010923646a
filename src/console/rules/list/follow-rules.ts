import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { errorText } from '../../server/send.ts';
import { getClients } from '../../server/requests.ts';
import { getAlerts, getRules } from '../requests.ts';
import { ruleRows, type RuleRow } from './rule-row.ts';

/** Clients whose rules are loaded at the same time. */
const AT_ONCE = 4;
/** In case a message was missed: rules can change without one. */
const POLL_MS = 30_000;
/** The status of a rule comes a moment after its alert, from Temporal's visibility index. */
const SOON_MS = 1_500;
/** A client with many rules is loaded less often: this many times the time that it took. */
const REST = 4;

interface Rules {
  /** By client. */
  rows: ReadonlyMap<string, readonly RuleRow[]>;
  clients: readonly string[] | null;
  isLoaded: boolean;
  error: string | null;
  reload: () => void;
}

/** The rules of all clients that the user may see, kept up to date. */
export function useRules(): Rules {
  const { live } = useConsole();
  const [rows, setRows] = useState<ReadonlyMap<string, readonly RuleRow[]>>(new Map());
  const [clients, setClients] = useState<readonly string[] | null>(null);
  const [isLoaded, setLoaded] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const took = useRef(new Map<string, number>());

  const load = async (clientId: string): Promise<void> => {
    const startMs = performance.now();
    const [rules, alerts] = await Promise.all([getRules(clientId), getAlerts(clientId)]);
    took.current.set(clientId, performance.now() - startMs);
    setRows((before) => new Map(before).set(clientId, ruleRows(clientId, rules, alerts)));
  };
  const loadAll = async (): Promise<void> => {
    const ids = await getClients();
    setClients(ids);
    setRows((before) => new Map([...before].filter(([clientId]) => ids.includes(clientId))));
    const rest = [...ids];
    const work = async (): Promise<void> => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) await load(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    setLoaded(true);
  };
  const tell = (work: Promise<void>): void => {
    work.then(
      () => setError(null),
      (failure: unknown) => setError(errorText(failure)),
    );
  };
  const reload = (): void => tell(loadAll());
  const soon = (clientId: string): void => {
    if (waiting.current.has(clientId)) return;
    const delayMs = Math.max(SOON_MS, REST * (took.current.get(clientId) ?? 0));
    const timer = setTimeout(() => {
      waiting.current.delete(clientId);
      tell(load(clientId));
    }, delayMs);
    waiting.current.set(clientId, timer);
  };

  useEffect(() => {
    reload();
    let isFirst = true;
    const leave = live.listen({
      connected() {
        if (!isFirst) reload();
      },
      messages(batch) {
        for (const message of batch) if (message.kind === 'alert') soon(message.alert.data.clientId);
      },
    });
    isFirst = false;
    const poll = setInterval(() => {
      if (!document.hidden) reload();
    }, POLL_MS);
    return () => {
      leave();
      clearInterval(poll);
      for (const timer of waiting.current.values()) clearTimeout(timer);
    };
  }, []);
  return { rows, clients, isLoaded, error, reload };
}
