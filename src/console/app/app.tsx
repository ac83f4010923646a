import { LocationProvider, Route, Router } from 'preact-iso';
import { useEffect, useMemo } from 'preact/hooks';
import { DemoPage } from '../demo/demo-page.tsx';
import type { Session } from '../server/wire.ts';
import { ConsoleContext, openConsole } from './console.ts';
import { Header } from './frame/header.tsx';
import { lazyPage } from './loading/lazy-page.tsx';
import { NotFound } from './not-found.tsx';
import { NoticeBar } from './frame/notice-bar.tsx';
import { PageBoundary } from './loading/page-boundary.tsx';
import { focusPage } from './page-title.tsx';
import { ReasonList } from './frame/reason-list.tsx';
import { ShortcutHelp } from './shortcuts/shortcut-help.tsx';
import './app.css';

const AlertsPage = lazyPage(() => import('../alerts/list/alerts-page.tsx').then((page) => page.AlertsPage));
const AlertPage = lazyPage(() => import('../alerts/one/alert-page.tsx').then((page) => page.AlertPage));
const RuleListPage = lazyPage(() => import('../rules/list/rule-list-page.tsx').then((page) => page.RuleListPage));
const RulePage = lazyPage(() => import('../rules/one/rule-page.tsx').then((page) => page.RulePage));
const NewRulePage = lazyPage(() => import('../rules/editor/editor-page.tsx').then((page) => page.NewRulePage));
const EditRulePage = lazyPage(() => import('../rules/editor/editor-page.tsx').then((page) => page.EditRulePage));
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
              <Route path="/alerts" component={AlertsPage} />
              <Route path="/alerts/:clientId/:alertId" component={AlertPage} />
              <Route path="/rules" component={RuleListPage} />
              <Route path="/rules/new" component={NewRulePage} />
              <Route path="/rules/:clientId/:ruleId" component={RulePage} />
              <Route path="/rules/:clientId/:ruleId/edit" component={EditRulePage} />
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
