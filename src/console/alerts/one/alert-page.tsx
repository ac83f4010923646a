import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { PageTitle } from '../../app/page-title.tsx';
import { useShortcuts } from '../../app/shortcuts/use-shortcuts.ts';
import { Failure } from '../../design/failure.tsx';
import { withLocalTimes } from '../../design/time/time.ts';
import { useNow } from '../../design/time/use-now.ts';
import type { AlertRecord } from '../../server/wire.ts';
import { ActDialog, type Asked } from '../act/act-dialog.tsx';
import { toggleOf } from '../act/actions.ts';
import { AlertHead } from './alert-head.tsx';
import { ValuePanel } from '../chart/value-panel.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import { Timeline } from './timeline.tsx';
import { useActs } from '../act/use-acts.ts';
import { useAlert, type Read } from './use-alert.ts';
import '../alerts.css';
import './alert-page.css';

/** The life of one alert. */
export function AlertPage() {
  const { clientId = '', alertId = '' } = useRoute().params;
  const { alert, explanation, refresh } = useAlert(clientId, alertId);
  return (
    <div class="alert-page">
      <a class="back" href="/alerts">
        ← All alerts
      </a>
      {!alert.found && <PageTitle text={`Alert of ${clientId}`} isUnseen />}
      {alert.failure !== null && <Failure text={alert.failure} onRetry={refresh} />}
      {alert.found && <Found alert={alert.found} {...{ explanation, refresh }} />}
      {!alert.found && alert.failure === null && <p class="empty-page">Reading the alert …</p>}
    </div>
  );
}

interface FoundProps {
  alert: AlertRecord;
  explanation: Read<string[]>;
  refresh: () => void;
}

function Found({ alert, explanation, refresh }: FoundProps) {
  const nowMs = useNow();
  const mayAct = useConsole().may('operator') && alert.state === 'firing';
  const act = useActs(refresh);
  const [kind, setKind] = useState<Asked['kind'] | null>(null);
  const toggle = (): void => act([alert], { action: toggleOf([alert]) });
  useShortcuts(
    mayAct
      ? [
          { key: 'a', does: 'Acknowledge, or take it back', run: toggle },
          { key: 'n', does: 'Acknowledge with a note', run: () => setKind('acknowledge') },
          { key: 's', does: 'Snooze', run: () => setKind('snooze') },
        ]
      : [],
  );

  const withEvidence = alert.transitions.filter(({ evidence }) => evidence !== null && evidence.items.length > 0);
  return (
    <>
      <AlertHead alert={alert} nowMs={nowMs}>
        {mayAct && (
          <div class="group">
            <button type="button" aria-keyshortcuts="a" onClick={toggle}>
              {toggleOf([alert]) === 'acknowledge' ? 'Acknowledge' : 'Unacknowledge'}
            </button>
            {alert.acknowledged === undefined && (
              <button type="button" aria-keyshortcuts="n" onClick={() => setKind('acknowledge')}>
                Acknowledge with a note
              </button>
            )}
            <button type="button" aria-keyshortcuts="s" onClick={() => setKind('snooze')}>
              Snooze
            </button>
          </div>
        )}
      </AlertHead>
      <ValuePanel alert={alert} />
      <div class="columns">
        <section class="panel" aria-label="timeline">
          <h2>Life</h2>
          <Timeline alert={alert} />
        </section>
        <div class="column">
          <section class="panel" aria-label="explanation">
            <header>
              <h2>Why, as of now</h2>
            </header>
            <Explanation {...{ explanation, refresh }} />
          </section>
          <section class="panel" aria-label="evidence">
            <h2>Evidence</h2>
            {withEvidence.length === 0 && <p class="empty">No event is behind this alert.</p>}
            {withEvidence.map((transition) => (
              <EvidenceTable key={transition.sequence} transition={transition} />
            ))}
          </section>
        </div>
      </div>
      {kind !== null && (
        <ActDialog asked={{ kind, alerts: [alert] }} onAct={(how) => act([alert], how)} onClose={() => setKind(null)} />
      )}
    </>
  );
}

function Explanation({ explanation: { found, failure }, refresh }: Omit<FoundProps, 'alert'>) {
  if (failure !== null) return <Failure text={failure} onRetry={refresh} />;
  if (found === null) return <p class="empty">Asking the rule …</p>;
  return <pre class="explanation">{found.map(withLocalTimes).join('\n')}</pre>;
}
