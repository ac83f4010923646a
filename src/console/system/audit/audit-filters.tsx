import { AUDITED_ACTIONS } from './actions.ts';
import { actionText } from './entry-text.ts';
import { SINCE, type AuditFilter } from './filter.ts';

interface Props {
  filter: AuditFilter;
  onlyClient: string | null;
  onChange: (changes: AuditFilter) => void;
}

export const AuditFilters = ({ filter: { client, rule, action, since }, onlyClient, onChange }: Props) => (
  <form class="filters" aria-label="filter" onSubmit={(event) => event.preventDefault()}>
    {onlyClient === null && (
      <label>
        Client
        <input
          type="search"
          value={client ?? ''}
          placeholder="all"
          maxLength={64}
          onChange={({ currentTarget: { value } }) => onChange({ client: value.trim() })}
        />
      </label>
    )}
    <label>
      Rule
      <input
        type="search"
        value={rule ?? ''}
        placeholder="all"
        maxLength={64}
        onChange={({ currentTarget: { value } }) => onChange({ rule: value.trim() })}
      />
    </label>
    <label>
      Action
      <select value={action ?? ''} onChange={({ currentTarget: { value } }) => onChange({ action: value })}>
        <option value="">all</option>
        {AUDITED_ACTIONS.map((each) => (
          <option key={each} value={each}>
            {actionText(each)}
          </option>
        ))}
      </select>
    </label>
    <label>
      Time
      <select value={since ?? ''} onChange={({ currentTarget: { value } }) => onChange({ since: value })}>
        <option value="">the last year</option>
        {SINCE.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  </form>
);
