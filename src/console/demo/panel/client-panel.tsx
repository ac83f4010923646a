import { useConsole } from '../../app/console.ts';
import { clockTime } from '../../design/time/time.ts';
import { clientActions } from '../actions.ts';
import { AlertLog } from './alert-log.tsx';
import { MachineGrid } from './machine-grid.tsx';
import { RuleList } from './rule-list.tsx';
import type { Change, ClientView } from '../state.ts';
import { Toolbar } from './toolbar.tsx';

interface Props {
  clientId: string;
  client: ClientView;
  dispatch: (change: Change) => void;
}

export function ClientPanel({ clientId, client, dispatch }: Props) {
  const machines = [...client.machines.values()].sort((a, b) => a.machineId.localeCompare(b.machineId));
  const actions = clientActions(clientId, useConsole(), dispatch);
  const titleId = `title-${clientId}`;
  return (
    <section class="panel" aria-labelledby={titleId} data-testid={clientId}>
      <header>
        <h2 id={titleId}>{clientId}</h2>
        <p class="aside">{lastEventText(client.lastEvent)}</p>
      </header>
      <MachineGrid clientId={clientId} machines={machines} actions={actions} />
      <Toolbar clientId={clientId} machines={machines} actions={actions} />
      <RuleList clientId={clientId} rules={client.rules} />
      <AlertLog clientId={clientId} alerts={client.alerts} />
    </section>
  );
}

const lastEventText = (event: ClientView['lastEvent']): string =>
  event
    ? `last event #${event.sequence} ${event.type}, ${clockTime(event.time)}`
    : 'no event since this page was opened';
