import { useState } from 'preact/hooks';
import { useConsole } from '../../../app/console.ts';
import { useResource } from '../../../app/loading/use-resource.ts';
import { Dialog } from '../../../design/dialog/dialog.tsx';
import { Failure } from '../../../design/failure.tsx';
import { resetRule } from '../../requests.ts';
import type { Reset } from '../../types.ts';
import type { ActionProps } from './action-props.ts';
import { setName } from '../rule-status.ts';

const CLEAN = 'clean';
/** Sets that are named. */
const NAMED = 50;

/** Rebuilds the state of a rule. A dry run says before which partition sets. */
export function ResetDialog({ rule, onClose, onDone }: ActionProps) {
  const { session } = useConsole();
  const by = session.access?.name ?? 'console';
  const [to, setTo] = useState(CLEAN);
  const tried = useResource(() => resetRule(rule, { by, to, dryRun: true }), [to]);
  const reset = async (): Promise<void> => {
    const { partitionSets } = await resetRule(rule, { by, to, dryRun: false });
    const refused = partitionSets.filter(({ problem }) => problem !== undefined);
    if (refused.length > 0)
      throw new Error(
        `${refused.length} of ${partitionSets.length} sets are not reset. ${refused[0]?.problem?.message ?? ''}`,
      );
    onDone('is being rebuilt from the event stream');
  };
  const count = tried.value?.partitionSets.filter(({ problem }) => problem === undefined).length ?? 0;
  return (
    <Dialog
      title={`Reset ${rule.ruleId}`}
      action={count === 1 ? 'Reset 1 set' : `Reset ${count} sets`}
      isReady={count > 0}
      isDangerous
      onConfirm={reset}
      onClose={onClose}
    >
      <p>
        Each partition set is rebuilt from the events that the stream keeps. Then it publishes only what differs from
        what it had published.
      </p>
      <label>
        To: <q>clean</q> for everything, or a time such as 2h (ago) or 2026-11-01T08:00:00Z
        <input value={to} required onChange={({ currentTarget }) => setTo(currentTarget.value.trim() || CLEAN)} />
      </label>
      {tried.error !== null && <Failure text={tried.error} onRetry={tried.reload} />}
      {tried.value === null && tried.error === null && <p class="empty">Trying it …</p>}
      {tried.value !== null && <Tried sets={tried.value.partitionSets} />}
    </Dialog>
  );
}

function Tried({ sets }: { sets: Reset['partitionSets'] }) {
  if (sets.length === 0) return <p class="empty">No partition set runs, so there is nothing to reset.</p>;
  return (
    <ul class="effects" aria-label="what it resets">
      {sets.slice(0, NAMED).map(({ id, workflowId, status, from, problem }) => (
        <li key={id}>
          {setName(workflowId)}, {status}
          {from !== undefined && `: back to ${new Date(from.at).toLocaleString()}, and ${from.events} events again`}
          {problem !== undefined && <span class="failure-text">: {problem.message}</span>}
        </li>
      ))}
      {sets.length > NAMED && <li>and {sets.length - NAMED} more</li>}
    </ul>
  );
}
