import { LocationProvider, Route, Router } from 'preact-iso';
import { useEffect, useMemo } from 'preact/hooks';
import { DemoPage } from '../demo/demo-page.tsx';
import type { Session } from '../server/wire.ts';
import { ConsoleContext, openConsole } from './console.ts';
import { Header } from './header.tsx';
import { lazyPage } from './lazy-page.tsx';
import { NotFound } from './not-found.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { focusPage } from './page-title.tsx';
import { ReasonList } from './reason-list.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import './app.css';

const SystemPage = lazyPage(() => import('../system/system-page.tsx').then((page) => page.SystemPage));

interface AppProps {
  session: Session;
  /** Asks again who is logged in. */
  refresh: () => void;
}

export function App({ session, refresh }: AppProps) {
  const shared = useMemo(() => openConsole(session, refresh), []);
  useEffect(() => shared.close, [shared]);
  return (
    <ConsoleContext.Provider value={shared}>
      <LocationProvider>
        <a class="skip" href="#content" onClick={skip}>
          Skip to content
        </a>
        <Header refresh={refresh} />
        <main id="content" tabIndex={-1}>
          <ReasonList health={shared.health.value} />
          <PageBoundary>
            <Router onRouteChange={focusPage}>
              <Route path="/" component={DemoPage} />
              <Route path="/system/:section?" component={SystemPage} />
              <Route default component={NotFound} />
            </Router>
          </PageBoundary>
        </main>
        <NoticeBar />
        <ShortcutHelp />
      </LocationProvider>
    </ConsoleContext.Provider>
  );
}

/** The address stays: it names the page, not a place in it. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  focusPage();
}
