import { Ago } from '../../design/ago.tsx';
import { LongTable } from '../../design/long-table.tsx';
import { Pill } from '../../design/pill.tsx';
import { rulePath } from '../addresses.ts';
import type { RuleRow } from './rule-row.ts';

const COLUMNS = ['Status', 'Rule', 'Client', 'Severity', 'Open alerts', 'Last fired', 'Version', 'Labels'];

export const RuleTable = ({ rows }: { rows: readonly RuleRow[] }) => (
  <LongTable label="rules" columns={COLUMNS} items={rows} row={cells} />
);

const cells = (row: RuleRow) => {
  const { clientId, ruleId, name, status, severity, openAlerts, firedAt, edition, storedAt, labels } = row;
  return (
    <>
      <td>
        <Pill text={status} />
      </td>
      <td title={`${name} (${ruleId})`}>
        <a class="row-link" href={rulePath(row)}>
          {name}
        </a>
        {name !== ruleId && <span class="aside"> {ruleId}</span>}
      </td>
      <td>{clientId}</td>
      <td>{severity !== null && <Severity severity={severity} />}</td>
      <td class={openAlerts > 0 ? 'open-alerts' : 'aside'}>{openAlerts > 0 ? openAlerts : '–'}</td>
      <td class="aside" title={firedAt === null ? 'not among the newest alerts of its client' : undefined}>
        {firedAt === null ? '–' : <Ago time={firedAt} />}
      </td>
      <td class="aside" title={`stored ${new Date(storedAt).toLocaleString()}`}>
        {edition ?? 'many'}
      </td>
      <td class="aside" title={labels.join(', ')}>
        {labels.join(', ')}
      </td>
    </>
  );
};

const Severity = ({ severity }: { severity: string }) => (
  <span class="severity" data-severity={severity}>
    {severity}
  </span>
);
