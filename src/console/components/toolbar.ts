import { html, type VNode } from 'htm/preact/standalone';
import type { Actions } from '../actions.ts';
import type { MachineView } from '../state.ts';

interface Props {
  clientId: string;
  machines: readonly MachineView[];
  actions: Actions;
}

/** The buttons for a client as a whole; those for its machines only where the simulator has them. */
export function Toolbar({ clientId, machines, actions }: Props): VNode {
  const simulated = machines.some((machine) => machine.simulated);
  return html`
    <div class="toolbar">
      ${simulated && html`<${AllMachines} clientId=${clientId} machines=${machines} actions=${actions} />`}
      <div class="group" role="group" aria-label=${`tests for ${clientId}`}>
        <button onClick=${actions.testEvent} aria-label=${`fire test event for ${clientId}`}>Fire test event</button>
        <button onClick=${actions.testAlert} aria-label=${`fire test alert for ${clientId}`}>Fire test alert</button>
      </div>
    </div>
  `;
}

function AllMachines({ clientId, machines, actions }: Props): VNode {
  const nobodyHolds = !machines.some((machine) => machine.held);
  const all = `all machines of ${clientId}`;
  const giveBack = `give the machines of ${clientId} back to the animation`;
  return html`
    <div class="group" role="group" aria-label=${all}>
      <button onClick=${() => actions.allMachines('start')} aria-label=${`start ${all}`}>All on</button>
      <button onClick=${() => actions.allMachines('stop')} aria-label=${`stop ${all}`}>All off</button>
      <button onClick=${() => actions.allMachines('release')} aria-label=${giveBack} disabled=${nobodyHolds}>
        Back to animation
      </button>
    </div>
  `;
}
