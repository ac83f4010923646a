import { useEffect, useRef } from 'preact/hooks';
import { Ago } from '../../design/time/ago.tsx';
import { LongTable } from '../../design/table/long-table.tsx';
import { Pill } from '../../design/pill.tsx';
import type { Rows } from '../../design/table/visible-rows.ts';
import { useLastFired } from './last-fired.ts';
import { rulePath } from '../addresses.ts';
import type { RuleRow } from './rule-row.ts';

const COLUMNS = ['Status', 'Rule', 'Client', 'Severity', 'Open alerts', 'Last fired', 'Edition', 'Labels'];

export function RuleTable({ rows }: { rows: readonly RuleRow[] }) {
  const lastFired = useLastFired();
  const seen = useRef<Rows>({ first: 0, end: 0 });
  // Others may be visible in the same places.
  useEffect(() => lastFired.see(rows, seen.current), [rows]);
  return (
    <LongTable
      label="rules"
      columns={COLUMNS}
      items={rows}
      row={(row) => cells(row, lastFired.of(row))}
      onVisible={(visible) => {
        seen.current = visible;
        lastFired.see(rows, visible);
      }}
    />
  );
}

const cells = (row: RuleRow, firedAt: string | null | undefined) => {
  const { clientId, ruleId, name, status, severity, openAlerts, edition, storedAt, labels } = row;
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
      <td class="aside">{severity === null ? '–' : <Severity severity={severity} />}</td>
      <td class={openAlerts > 0 ? 'open-alerts' : 'aside'}>{openAlerts > 0 ? openAlerts : '–'}</td>
      <td class="aside" title={firedAt === null ? 'not in the last 30 days' : undefined}>
        {firedAt === undefined && '…'}
        {firedAt === null && '–'}
        {typeof firedAt === 'string' && <Ago time={firedAt} />}
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
