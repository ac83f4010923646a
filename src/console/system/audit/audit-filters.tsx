import { ChoiceField, IdField } from '../filter-fields.tsx';
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
    {onlyClient === null && <IdField label="Client" value={client} onChange={(value) => onChange({ client: value })} />}
    <IdField label="Rule" value={rule} onChange={(value) => onChange({ rule: value })} />
    <ChoiceField label="Action" value={action} onChange={(value) => onChange({ action: value })}>
      {AUDITED_ACTIONS.map((each) => (
        <option key={each} value={each}>
          {actionText(each)}
        </option>
      ))}
    </ChoiceField>
    <ChoiceField label="Time" value={since} all="the last year" onChange={(value) => onChange({ since: value })}>
      {SINCE.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </ChoiceField>
  </form>
);
