import { useLocation } from 'preact-iso';
import { useConsole } from '../../../app/console.ts';
import { useResource } from '../../../app/loading/use-resource.ts';
import { Failure } from '../../../design/failure.tsx';
import { withQuery } from '../../addresses.ts';
import { getClients } from '../../../server/requests.ts';
import { EMPTY_ID, TEMPLATES } from './templates.ts';

const ALL = [...TEMPLATES, { id: EMPTY_ID, title: 'From the start', about: 'The smallest rule, to write it all.' }];
/** While vigil knows no client: a rule may come before the first event. */
const FIRST_CLIENT = 'client-01';

/** What a rule can start from, and for which client. The choice is in the address. */
export function TemplateList({ clientId }: { clientId: string | null }) {
  const { url, route } = useLocation();
  const { session } = useConsole();
  const clients = useResource(getClients, []);
  const known = clients.value ?? [];
  const own = session.access?.clientId ?? null;
  const chosen = clientId ?? own ?? known[0] ?? FIRST_CLIENT;
  const choose = (client: string): void => route(withQuery(url, { client }), true);
  return (
    <>
      {clients.error !== null && <Failure text={clients.error} onRetry={clients.reload} />}
      {own === null && (
        <label class="client-choice">
          For the client
          <input
            class="field"
            list="known-clients"
            value={chosen}
            onChange={({ currentTarget }) => choose(currentTarget.value.trim())}
          />
          <datalist id="known-clients">
            {known.map((client) => (
              <option key={client} value={client} />
            ))}
          </datalist>
        </label>
      )}
      <ul class="templates" aria-label="templates">
        {ALL.map(({ id, title, about }) => (
          <li key={id}>
            <a href={withQuery(url, { template: id, client: chosen })}>
              <strong>{title}</strong>
              <span class="aside">{about}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
