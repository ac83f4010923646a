import { Ago } from '../../../design/time/ago.tsx';
import { Failure } from '../../../design/failure.tsx';
import { LongTable } from '../../../design/table/long-table.tsx';
import { Pill } from '../../../design/pill.tsx';
import type { Partition } from '../../types.ts';
import { keyText } from '../rule-status.ts';
import type { Partitions } from './use-partitions.ts';

const COLUMNS = ['Partition', 'Alert', 'Condition', 'Value', 'Since', 'Next', 'Last event', 'State'];
const ANSWERS = { yes: 'holds', no: 'does not hold', unknown: 'unknown' };

interface Props {
  partitions: Partitions;
  /** The key of the chosen one as JSON. */
  chosen: string | null;
  onChoose: (key: string) => void;
}

/** The partitions of a set, as of its clock. */
export function PartitionGrid({ partitions, chosen, onChoose }: Props) {
  const { rows, isLoaded, hasMore, unanswered, error, see, refresh } = partitions;
  return (
    <>
      {error !== null && <Failure text={`The partitions cannot be read. ${error}`} onRetry={refresh} />}
      {unanswered > 0 && (
        <p class="aside">{unanswered} shards of the set do not answer: their partitions are missing.</p>
      )}
      {isLoaded && rows.length === 0 ? (
        <p class="empty">No partition is like this. A partition is here from its first event on.</p>
      ) : (
        <LongTable
          label="partitions"
          columns={COLUMNS}
          items={rows}
          isPartial={hasMore}
          onVisible={see}
          isCurrent={({ partition }) => JSON.stringify(partition) === chosen}
          row={(row) => <Cells row={row} onChoose={onChoose} />}
        />
      )}
    </>
  );
}

function Cells({ row, onChoose }: { row: Partition; onChoose: (key: string) => void }) {
  const { partition, alert, satisfies, severity, value, since, next, lastEvent, state } = row;
  const name = keyText(partition) || 'the one partition';
  return (
    <>
      <td title={name}>
        <button type="button" class="row-link" onClick={() => onChoose(JSON.stringify(partition))}>
          {name}
        </button>
      </td>
      <td>{alert === null ? '–' : <Pill text={alert} />}</td>
      <td>
        {ANSWERS[satisfies]}
        {severity !== null && (
          <span class="severity" data-severity={severity}>
            {severity}
          </span>
        )}
      </td>
      <td class="value">{value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value)}</td>
      <td class="aside">{since === null ? '–' : <Ago time={since} />}</td>
      <td class="aside" title={next?.what}>
        {next === null ? '–' : <Ago time={next.at} />}
      </td>
      <td class="aside">{lastEvent === null ? '–' : <Ago time={lastEvent.time} />}</td>
      <td class="aside">{state}</td>
    </>
  );
}
