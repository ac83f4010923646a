import { useLocation } from 'preact-iso';
import { useRef, useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { PageTitle } from '../../app/page-title.tsx';
import { useShortcuts } from '../../app/shortcuts/use-shortcuts.ts';
import { Failure } from '../../design/failure.tsx';
import { useNow } from '../../design/time/use-now.ts';
import type { AlertSummary } from '../../server/wire.ts';
import { ActDialog, type Asked } from '../act/act-dialog.tsx';
import { toggleOf } from '../act/actions.ts';
import { AlertList } from './alert-list.tsx';
import { alertAddress, alertKey } from '../describe.ts';
import { FilterBar } from './filter-bar.tsx';
import { addressOf, isShown, readFilters, type Filters } from './filters.ts';
import { grouped, inOrder, labelsOf } from './grouping.ts';
import { HISTORY_MOST } from '../requests.ts';
import { NothingShown } from './nothing-shown.tsx';
import { SelectionBar } from '../act/selection-bar.tsx';
import { focusRow } from './rows.ts';
import { useAlerts } from './use-alerts.ts';
import '../alerts.css';

/** What fires now, or what has fired, of all clients. */
export function AlertsPage() {
  const { query, route } = useLocation();
  const mayAct = useConsole().may('operator');
  const nowMs = useNow();
  const filters = readFilters(query);
  const { alerts, clientIds, isComplete, failure, refresh, act } = useAlerts(filters.state);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [currentKey, setCurrent] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);

  const groups = grouped(
    inOrder(
      alerts.filter((alert) => isShown(alert, filters, nowMs)),
      filters.order,
    ),
    filters.group,
  );
  const shown = groups.flatMap((group) => group.alerts);
  const chosen = shown.filter((alert) => selected.has(alertKey(alert)));
  const current = shown.find((alert) => alertKey(alert) === currentKey);
  const filterBy = (change: Partial<Filters>): void => route(addressOf({ ...filters, ...change }), true);
  const toggle = (targets: readonly AlertSummary[]): void => act(targets, { action: toggleOf(targets) });
  const select = (alert: AlertSummary): void => setSelected((before) => toggled(before, alertKey(alert)));
  /** On those that are selected, else on the current one. */
  const onTargets = (how: (targets: readonly AlertSummary[]) => void) => (): void => {
    const targets = chosen.length > 0 ? chosen : current ? [current] : [];
    if (mayAct && targets.length > 0) how(targets);
  };
  const move = (step: number) => (): void => focusRow(list.current, step);
  useShortcuts([
    { key: 'j', does: 'Next alert', run: move(1) },
    { key: 'k', does: 'Alert before', run: move(-1) },
    { key: 'ArrowDown', does: 'Next alert', run: move(1) },
    { key: 'ArrowUp', does: 'Alert before', run: move(-1) },
    { key: 'o', does: 'Open the alert', run: () => current && route(alertAddress(current)) },
    { key: '/', does: 'Search', run: () => search.current?.focus() },
    ...(mayAct
      ? [
          { key: 'a', does: 'Acknowledge, or take it back', run: onTargets(toggle) },
          {
            key: 'n',
            does: 'Acknowledge with a note',
            run: onTargets((targets) => setAsked({ kind: 'acknowledge', alerts: targets })),
          },
          { key: 's', does: 'Snooze', run: onTargets((targets) => setAsked({ kind: 'snooze', alerts: targets })) },
          { key: 'x', does: 'Select, or not', run: () => current && select(current) },
          { key: 'Escape', does: 'Select none', run: () => setSelected(new Set()) },
        ]
      : []),
  ]);

  return (
    <section class="alerts-page" aria-label="alerts">
      <PageTitle text="Alerts" />
      <FilterBar {...{ filters, clientIds, search }} labels={labelsOf(alerts)} onChange={filterBy} />
      {failure !== null && <Failure text={`The alerts could not be read. ${failure}`} onRetry={refresh} />}
      {mayAct && chosen.length > 0 && (
        <SelectionBar
          alerts={chosen}
          onToggle={() => toggle(chosen)}
          onAsk={(kind) => setAsked({ kind, alerts: chosen })}
          onClear={() => setSelected(new Set())}
        />
      )}
      {shown.length > 0 && (
        <AlertList
          {...{ groups, nowMs, currentKey, selected, list }}
          onCurrent={setCurrent}
          {...(mayAct && { acting: { onSelect: select, onToggle: toggle, onAsk: setAsked } })}
        />
      )}
      {shown.length === 0 && isComplete && <NothingShown {...{ filters, clientIds, nowMs }} onChange={filterBy} />}
      {!isComplete && failure === null && <p class="empty-page">Reading the alerts …</p>}
      {filters.state === 'all' && shown.length > 0 && (
        <p class="aside">
          The history has the last 30 days, and at most the {HISTORY_MOST} newest alerts of each client.
        </p>
      )}
      {asked && <ActDialog asked={asked} onAct={(how) => act(asked.alerts, how)} onClose={() => setAsked(null)} />}
    </section>
  );
}

function toggled(before: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(key)) after.add(key);
  return after;
}
