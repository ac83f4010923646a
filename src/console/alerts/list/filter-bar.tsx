import type { RefObject } from 'preact';
import { useConsole } from '../../app/console.ts';
import { Choice } from './choice.tsx';
import { SEVERITIES, type Filters } from './filters.ts';

interface FilterBarProps {
  filters: Filters;
  clientIds: readonly string[];
  labels: readonly string[];
  search: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<Filters>) => void;
}

/** All of it is in the address: a link to the page shows the same. */
export function FilterBar({ filters, clientIds, labels, search, onChange }: FilterBarProps) {
  const { state, client, severity, text, acknowledged, snoozed, group, order } = filters;
  const clients = clientIds.includes(client) || client === '' ? clientIds : [client, ...clientIds];
  const groups = new Set([...labels.map((label) => `label:${label}`), ...(group.startsWith('label:') ? [group] : [])]);
  return (
    <form class="filters" role="search" aria-label="filters" onSubmit={(event) => event.preventDefault()}>
      <input
        ref={search}
        class="field"
        type="search"
        placeholder="Search"
        aria-label="search"
        aria-keyshortcuts="/"
        value={text}
        onInput={({ currentTarget: { value } }) => onChange({ text: value })}
      />
      <Choice name="state" value={state} onChange={(value) => onChange({ state: value })}>
        {[
          ['open', 'Fires now'],
          ['all', 'All history'],
        ]}
      </Choice>
      <Choice name="client" value={client} onChange={(value) => onChange({ client: value })}>
        {[['', 'All clients'], ...clients.map((id): [string, string] => [id, id])]}
      </Choice>
      <Choice name="severity" value={severity} onChange={(value) => onChange({ severity: value })}>
        {[['', 'Any severity'], ...SEVERITIES.map((each): [typeof each, string] => [each, each])]}
      </Choice>
      <Choice name="acknowledged" value={acknowledged} onChange={(value) => onChange({ acknowledged: value })}>
        {[
          ['', 'Acknowledged or not'],
          ['no', 'Not acknowledged'],
          ['yes', 'Acknowledged'],
        ]}
      </Choice>
      <Choice name="snoozed" value={snoozed} onChange={(value) => onChange({ snoozed: value })}>
        {[
          ['', 'Snoozed or not'],
          ['no', 'Not snoozed'],
          ['yes', 'Snoozed'],
        ]}
      </Choice>
      <Choice name="group" value={group} onChange={(value) => onChange({ group: value })}>
        {[
          ['', 'One list'],
          ['rule', 'By rule'],
          ['client', 'By client'],
          ...[...groups].map((each): [string, string] => [each, `By ${each.slice('label:'.length)}`]),
        ]}
      </Choice>
      <Choice name="order" value={order} onChange={(value) => onChange({ order: value })}>
        {[
          ['newest', 'Newest first'],
          ['severity', 'Most severe first'],
        ]}
      </Choice>
      <Shortcuts />
    </form>
  );
}

function Shortcuts() {
  const mayAct = useConsole().may('operator');
  return (
    <p class="aside keys">
      <kbd>j</kbd> <kbd>k</kbd> move · <kbd>o</kbd> open
      {mayAct && (
        <>
          {' · '}
          <kbd>a</kbd> acknowledge · <kbd>n</kbd> with a note · <kbd>s</kbd> snooze · <kbd>x</kbd> select
        </>
      )}
    </p>
  );
}
