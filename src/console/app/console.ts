import { signal, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { LiveFeed } from '../server/live.ts';
import { getHealth, getLinks } from '../server/requests.ts';
import { errorText } from '../server/send.ts';
import type { Health, Links, Role, Session } from '../server/wire.ts';
import { Shortcuts } from './shortcuts/shortcuts.ts';

export interface Notice {
  text: string;
  bad: boolean;
}

/** What all pages share: who uses the console, the connection to vigil, and the notice of the last action. */
export interface Console {
  session: Session;
  connection: ReadonlySignal<'connecting' | 'live' | 'lost'>;
  health: ReadonlySignal<Health | null>;
  links: ReadonlySignal<Links | null>;
  notice: ReadonlySignal<Notice | null>;
  live: LiveFeed;
  shortcuts: Shortcuts;
  /** Whether the user's role includes that role. */
  may: (role: Role) => boolean;
  say: (text: string) => void;
  /** Like `say`, for what did not work. */
  warn: (text: string) => void;
  /** Shows why work failed. */
  attempt: (work: Promise<unknown>) => void;
  dismiss: () => void;
  close: () => void;
}

/** Health has no live updates, so it is polled. */
const HEALTH_MS = 5_000;
const ROLES: readonly Role[] = ['sender', 'viewer', 'operator', 'editor', 'admin'];

/** `onLost`: the connection is lost, perhaps because the token is not valid any more. */
export function openConsole(session: Session, onLost: () => void): Console {
  const connection = signal<'connecting' | 'live' | 'lost'>('connecting');
  const health = signal<Health | null>(null);
  const links = signal<Links | null>(null);
  const notice = signal<Notice | null>(null);
  const live = new LiveFeed();
  const access = session.access;

  const attempt = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      notice.value = { text: errorText(error), bad: true };
    });
  };
  const refreshHealth = (): void => {
    getHealth().then(
      (report) => (health.value = report),
      () => (health.value = null),
    );
  };
  live.listen({
    connected() {
      connection.value = 'live';
      refreshHealth();
      // The addresses of the servers, for those who see all clients.
      if (access?.clientId === null) attempt(getLinks().then((known) => (links.value = known)));
    },
    lost() {
      connection.value = 'lost';
      refreshHealth();
      onLost();
    },
  });
  live.open();
  refreshHealth();
  const timer = setInterval(refreshHealth, HEALTH_MS);
  return {
    ...{ session, connection, health, links, notice, live, attempt, shortcuts: new Shortcuts() },
    may: (role) => access !== null && ROLES.indexOf(access.role) >= ROLES.indexOf(role),
    say: (text) => (notice.value = { text, bad: false }),
    warn: (text) => (notice.value = { text, bad: true }),
    dismiss: () => (notice.value = null),
    close() {
      clearInterval(timer);
      live.close();
    },
  };
}

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const shared = useContext(ConsoleContext);
  if (shared === null) throw new Error('useConsole is called outside of the console');
  return shared;
}
