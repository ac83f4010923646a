import { useLocation } from 'preact-iso';
import { withQuery } from '../addresses.ts';
import { labelsOf, statusCounts, STATUSES, type RuleFilter } from './rule-filter.ts';
import type { RuleRow } from './rule-row.ts';

/** Labels to choose from: those that most rules have. */
const MOST_LABELS = 100;

interface Props {
  filter: RuleFilter;
  rows: readonly RuleRow[];
  clients: readonly string[];
}

/** Chooses rules. The choice is in the address, so that it can be sent to somebody. */
export function FilterBar({ filter, rows, clients }: Props) {
  const { url, route } = useLocation();
  const change = (values: Record<string, string | readonly string[]>): void => route(withQuery(url, values), true);
  const { text, client, statuses, labels } = filter;
  const counts = statusCounts(rows, filter);
  return (
    <search class="filters">
      <input
        type="search"
        aria-label="search rules"
        placeholder="Search rules"
        value={text}
        onInput={({ currentTarget }) => change({ text: currentTarget.value })}
      />
      {(clients.length > 1 || client !== '') && (
        <select
          aria-label="client"
          value={client}
          onChange={({ currentTarget }) => change({ client: currentTarget.value })}
        >
          <option value="">All clients</option>
          {clients.map((clientId) => (
            <option key={clientId} value={clientId}>
              {clientId}
            </option>
          ))}
        </select>
      )}
      <div class="group" role="group" aria-label="status">
        {STATUSES.filter((status) => counts.has(status) || statuses.includes(status)).map((status) => {
          const isOn = statuses.includes(status);
          const others = statuses.filter((each) => each !== status);
          return (
            <button
              key={status}
              type="button"
              class="choice"
              aria-pressed={isOn}
              onClick={() => change({ status: isOn ? others : [...statuses, status] })}
            >
              {status} <span class="aside">{counts.get(status) ?? 0}</span>
            </button>
          );
        })}
      </div>
      <Labels labels={labels} known={labelsOf(rows, MOST_LABELS)} onChange={(label) => change({ label })} />
    </search>
  );
}

interface LabelsProps {
  labels: readonly string[];
  known: readonly string[];
  onChange: (labels: readonly string[]) => void;
}

function Labels({ labels, known, onChange }: LabelsProps) {
  const others = known.filter((label) => !labels.includes(label));
  return (
    <div class="group" role="group" aria-label="labels">
      {labels.map((label) => (
        <button
          key={label}
          type="button"
          class="choice"
          aria-pressed="true"
          aria-label={`any ${label}`}
          onClick={() => onChange(labels.filter((each) => each !== label))}
        >
          {label} ✕
        </button>
      ))}
      {others.length > 0 && (
        <select
          aria-label="add a label"
          value=""
          onChange={({ currentTarget }) => onChange([...labels, currentTarget.value])}
        >
          <option value="">Label …</option>
          {others.map((label) => (
            <option key={label} value={label}>
              {label}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
