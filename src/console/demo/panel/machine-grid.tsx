import { useConsole } from '../../app/console.ts';
import type { Actions } from '../actions.ts';
import type { MachineView } from '../state.ts';

/** More tiles make the browser slow. */
const MAX_TILES = 200;
const SILENT_TITLE = 'Its events are stopped: this is the last state that it has sent.';
const HELD_TITLE = 'Controlled manually: the simulation does not change this machine.';

interface Props {
  clientId: string;
  machines: readonly MachineView[];
  actions: Actions;
}

export function MachineGrid({ clientId, machines, actions }: Props) {
  if (machines.length === 0) return <p class="empty">No machine has sent an event yet.</p>;
  const hidden = machines.length - MAX_TILES;
  return (
    <>
      <ul class="machines" aria-label={`machines of ${clientId}`}>
        {machines.slice(0, MAX_TILES).map((machine) => (
          <MachineTile key={machine.machineId} clientId={clientId} machine={machine} actions={actions} />
        ))}
      </ul>
      {hidden > 0 && <p class="empty">and {hidden} more</p>}
    </>
  );
}

type TileProps = Omit<Props, 'machines'> & { machine: MachineView };

function MachineTile({ clientId, machine, actions }: TileProps) {
  const { machineId, state, held, silent, simulated } = machine;
  const { may } = useConsole();
  return (
    <li
      class="machine"
      data-state={state}
      data-silent={silent || undefined}
      aria-label={`${machineId} is ${state}${silent ? ', and silent' : ''}`}
    >
      {held && (
        <span class="held" title={HELD_TITLE}>
          manual
        </span>
      )}
      {silent && (
        <span class="silent" title={SILENT_TITLE}>
          silent
        </span>
      )}
      <i class="wheel" aria-hidden="true" />
      <span class="name" title={machineId}>
        {machineId}
      </span>
      <span class="state">{state}</span>
      {simulated && may('operator') && <Switch clientId={clientId} machine={machine} actions={actions} />}
    </li>
  );
}

function Switch({ clientId, machine: { machineId, silent }, actions }: TileProps) {
  return (
    <div class="switch">
      {(['start', 'stop'] as const).map((command) => (
        <button
          key={command}
          class={command}
          title={command}
          aria-label={`${command} ${machineId} of ${clientId}`}
          onClick={() => actions.machine(machineId, command)}
        />
      ))}
      <button
        class="silence"
        title={silent ? 'let it send events again' : 'silence: its events stop'}
        aria-label={`silence ${machineId} of ${clientId}`}
        aria-pressed={silent}
        onClick={() => actions.machine(machineId, silent ? 'unsilence' : 'silence')}
      />
    </div>
  );
}
