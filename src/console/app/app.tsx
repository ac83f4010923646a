import { ErrorBoundary, lazy, LocationProvider, Route, Router } from 'preact-iso';
import { useEffect, useMemo } from 'preact/hooks';
import { DemoPage } from '../demo/demo-page.tsx';
import type { Session } from '../server/wire.ts';
import { ConsoleContext, openConsole } from './console.ts';
import { Header } from './header.tsx';
import { NotFound } from './not-found.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { ReasonList } from './reason-list.tsx';
import './app.css';

const AlertsPage = lazy(async () => (await import('../alerts/alerts-page.tsx')).AlertsPage);
const AlertPage = lazy(async () => (await import('../alerts/alert-page.tsx')).AlertPage);
const RuleListPage = lazy(() => import('../rules/list/rule-list-page.tsx').then((page) => page.RuleListPage));
const RulePage = lazy(() => import('../rules/one/rule-page.tsx').then((page) => page.RulePage));

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
        <Header refresh={refresh} />
        <main>
          <ReasonList health={shared.health.value} />
          <ErrorBoundary>
            <Router>
              <Route path="/" component={DemoPage} />
              <Route path="/alerts" component={AlertsPage} />
              <Route path="/alerts/:clientId/:alertId" component={AlertPage} />
              <Route path="/rules" component={RuleListPage} />
              <Route path="/rules/:clientId/:ruleId" component={RulePage} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </main>
        <NoticeBar />
      </LocationProvider>
    </ConsoleContext.Provider>
  );
}
