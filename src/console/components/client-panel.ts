import { html, type VNode } from 'htm/preact/standalone';
import { clientActions } from '../actions.ts';
import type { Change, ClientView } from '../state.ts';
import { AlertLog } from './alert-log.ts';
import { MachineGrid } from './machine-grid.ts';
import { RuleList } from './rule-list.ts';
import { clockTime } from './time.ts';
import { Toolbar } from './toolbar.ts';

interface Props {
  clientId: string;
  client: ClientView;
  dispatch: (change: Change) => void;
}

export function ClientPanel({ clientId, client, dispatch }: Props): VNode {
  const machines = [...client.machines.values()].sort((a, b) => a.machineId.localeCompare(b.machineId));
  const actions = clientActions(clientId, dispatch);
  const titleId = `title-${clientId}`;
  return html`
    <section class="panel" aria-labelledby=${titleId} data-testid=${clientId}>
      <header>
        <h2 id=${titleId}>${clientId}</h2>
        <p class="last-event">${lastEventText(client.lastEvent)}</p>
      </header>
      <${MachineGrid} clientId=${clientId} machines=${machines} actions=${actions} />
      <${Toolbar} clientId=${clientId} machines=${machines} actions=${actions} />
      <${RuleList} clientId=${clientId} rules=${client.rules} />
      <${AlertLog} clientId=${clientId} alerts=${client.alerts} />
    </section>
  `;
}

const lastEventText = (event: ClientView['lastEvent']): string =>
  event ? `last event #${event.sequence} ${event.type}, ${clockTime(event.time)}` : 'no event yet';
