import { useLocation } from 'preact-iso';
import { useConsole } from '../../../app/console.ts';
import { LongTable } from '../../../design/table/long-table.tsx';
import { Pill } from '../../../design/pill.tsx';
import { withQuery, workflowPage } from '../../addresses.ts';
import type { PartitionSet } from '../../types.ts';
import { setName } from '../rule-status.ts';

/** The partition sets, each with its workflow in Temporal. */
export function SetList({ sets, chosen }: { sets: readonly PartitionSet[]; chosen: PartitionSet }) {
  const { url, route } = useLocation();
  const show = (id: string): void => route(withQuery(url, { set: id, partition: null }), true);
  const [only] = sets;
  if (only !== undefined && sets.length === 1)
    return (
      <p class="one-set">
        <Pill text={only.status} />
        <span class="aside">{only.workflowId}</span>
        <WorkflowLink workflowId={only.workflowId} />
      </p>
    );
  return (
    <div class="set-list">
      <LongTable
        label="partition sets"
        columns={['Group', 'Status', 'Workflow']}
        items={sets}
        isCurrent={({ id }) => id === chosen.id}
        row={({ id, workflowId, status }) => (
          <>
            <td title={workflowId}>
              <button type="button" class="row-link" onClick={() => show(id)}>
                {setName(workflowId)}
              </button>
            </td>
            <td>
              <Pill text={status} />
            </td>
            <td>
              <WorkflowLink workflowId={workflowId} />
            </td>
          </>
        )}
      />
    </div>
  );
}

function WorkflowLink({ workflowId }: { workflowId: string }) {
  const { temporalUi, temporalNamespace } = useConsole().links.value ?? {};
  if (temporalUi === undefined || temporalUi === null || temporalNamespace === undefined) return null;
  return (
    <a href={workflowPage(temporalUi, temporalNamespace, workflowId)} target="_blank" rel="noreferrer">
      Temporal UI ↗
    </a>
  );
}
