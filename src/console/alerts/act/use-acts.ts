import { useConsole } from '../../app/console.ts';
import type { AlertActed, AlertSummary } from '../../server/wire.ts';
import { requestsFor, resultText, targetsOf, type Act } from './actions.ts';
import { actOn } from '../requests.ts';

export type OnActed = (alerts: readonly AlertSummary[], results: readonly AlertActed[]) => void;

/** Acts on alerts in the name of the user, and shows the result as a notice. */
export function useActs(onActed: OnActed): (alerts: readonly AlertSummary[], act: Act) => void {
  const { session, say, attempt } = useConsole();
  const by = session.access?.name ?? '';
  const run = async (alerts: readonly AlertSummary[], act: Act): Promise<void> => {
    const targets = targetsOf(alerts, act, Date.now());
    if (targets.length === 0) throw new Error('There is nothing to do for this alert: it does not fire any more.');
    const results: AlertActed[] = [];
    for (const request of requestsFor(targets)) {
      const answer = await actOn(request, { ...act, by });
      onActed(request.alerts, answer.alerts);
      results.push(...answer.alerts);
    }
    const { text, bad } = resultText(act.action, results);
    if (bad) throw new Error(text);
    say(text);
  };
  return (alerts, act) => attempt(run(alerts, act));
}
