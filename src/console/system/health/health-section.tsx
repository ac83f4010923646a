import { useConsole } from '../../app/console.ts';
import type { Health } from '../../server/wire.ts';
import { Numbers } from './numbers-view.tsx';
import { PartList } from './part-list.tsx';
import { ProcessPanel } from './process-table.tsx';
import { ReasonTable } from './reason-table.tsx';

const SUMMARY = {
  ok: 'All parts of this vigil process are up, and nothing needs attention.',
  degraded: 'All parts are up, but something needs attention. vigil works on.',
  starting: 'A part is starting.',
  down: 'A part is down. Events wait in the stream, and nothing is lost meanwhile.',
} satisfies Record<Health['status'], string>;

/** What works, what does not and what to do, and how much there is to do. */
export function HealthSection() {
  const { health, session, may } = useConsole();
  const report = health.value;
  const seesAll = session.access?.clientId === null;
  return (
    <>
      <section class="panel" aria-label="health">
        <p>
          {report === null ? 'vigil does not answer. The console asks again every 5 seconds.' : SUMMARY[report.status]}
        </p>
        {report && <PartList parts={report.parts} />}
        {report && report.reasons.length > 0 && <ReasonTable reasons={report.reasons} count={report.reasonCount} />}
        {!seesAll && <p class="aside">The reasons and numbers are for those who have access to all clients.</p>}
      </section>
      {seesAll && may('operator') && <ProcessPanel />}
      {seesAll && <Numbers />}
    </>
  );
}
