import { PageTitle } from '../../app/page-title.tsx';
import { Ago } from '../../design/time/ago.tsx';
import { Pill } from '../../design/pill.tsx';
import type { RuleStatus } from '../../server/wire.ts';
import type { RuleAddress } from '../addresses.ts';
import type { Paused, StoredRule } from '../types.ts';
import { RuleActions } from './actions/rule-actions.tsx';

interface Props {
  rule: RuleAddress;
  stored: StoredRule;
  /** As the API wrote it. */
  text: string;
  status: RuleStatus;
  onChanged: () => void;
}

/** What the rule is, how it is, and what can be done with it. */
export function RuleHead({ rule, stored, text, status, onChanged }: Props) {
  const { id, clientId, name = id, description, severity, message, labels = {} } = stored.rule;
  return (
    <section class="panel rule-head" aria-label="the rule">
      <header>
        <div class="page-head">
          <PageTitle text={name} />
          <Pill text={status} />
          {severity !== undefined && (
            <span class="severity" data-severity={severity}>
              {severity}
            </span>
          )}
        </div>
        <RuleActions rule={rule} stored={stored} text={text} onChanged={onChanged} />
      </header>
      <p class="aside">
        {id} of <a href={`/rules?client=${encodeURIComponent(clientId)}`}>{clientId}</a> · version {stored.version} (
        {stored.edition === null ? 'many editions' : `edition ${stored.edition}`}), stored{' '}
        <Ago time={stored.storedAt} />
      </p>
      {stored.paused !== null && <p class="paused">{pauseText(stored.paused)}</p>}
      {description !== undefined && <p class="description">{description}</p>}
      {message !== undefined && (
        <p class="aside">
          Says: <q>{message}</q>
        </p>
      )}
      {Object.keys(labels).length > 0 && (
        <ul class="labels" aria-label="labels">
          {Object.entries(labels).map(([key, value]) => (
            <li key={key}>
              <code>
                {key}={value}
              </code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function pauseText({ since, by, note, of }: Paused): string {
  const who = by === null ? '' : ` by ${by}`;
  const what = of === 'client' ? ', with all rules of the client' : '';
  const why = note === undefined ? '' : ` (${note})`;
  return `Paused since ${new Date(since).toLocaleString()}${who}${what}${why}. Events and deadlines wait until it is resumed.`;
}
