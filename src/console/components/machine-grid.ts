import { html, type VNode } from 'htm/preact/standalone';
import type { Actions } from '../actions.ts';
import type { MachineView } from '../state.ts';

/** More tiles make the browser slow. */
const MAX_TILES = 200;
const HELD_TITLE = 'Controlled manually: the simulation does not change this machine.';

interface Props {
  clientId: string;
  machines: readonly MachineView[];
  actions: Actions;
}

export function MachineGrid({ clientId, machines, actions }: Props): VNode {
  if (machines.length === 0) return html`<p class="empty">No machine has sent an event yet.</p>`;
  const hidden = machines.length - MAX_TILES;
  const tile = (machine: MachineView): VNode =>
    html`<${MachineTile} key=${machine.machineId} clientId=${clientId} machine=${machine} actions=${actions} />`;
  return html`
    <ul class="machines" aria-label=${`machines of ${clientId}`}>
      ${machines.slice(0, MAX_TILES).map(tile)}
    </ul>
    ${hidden > 0 && html`<p class="empty">and ${hidden} more</p>`}
  `;
}

type TileProps = Omit<Props, 'machines'> & { machine: MachineView };

function MachineTile({ clientId, machine, actions }: TileProps): VNode {
  const { machineId, state, held, simulated } = machine;
  return html`
    <li class="machine" data-state=${state} aria-label=${`${machineId} is ${state}`}>
      ${held && html`<span class="held" title=${HELD_TITLE}>manual</span>`}
      <i class="wheel" aria-hidden="true"></i>
      <span class="name" title=${machineId}>${machineId}</span>
      <span class="state">${state}</span>
      ${simulated && html`<${Switch} clientId=${clientId} machineId=${machineId} actions=${actions} />`}
    </li>
  `;
}

function Switch({ clientId, machineId, actions }: { clientId: string; machineId: string; actions: Actions }): VNode {
  const button = (command: 'start' | 'stop'): VNode => html`
    <button
      class=${command}
      title=${command}
      aria-label=${`${command} ${machineId} of ${clientId}`}
      onClick=${() => actions.machine(machineId, command)}
    ></button>
  `;
  return html`<div class="switch">${button('start')}${button('stop')}</div>`;
}
