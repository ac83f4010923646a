import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import type { Actions } from '../actions.ts';
import { EventDialog } from './event-dialog.tsx';
import type { MachineView } from '../state.ts';

interface Props {
  clientId: string;
  machines: readonly MachineView[];
  actions: Actions;
}

/** The buttons of a client: those that the user may use, and for its machines only if they are simulated. */
export function Toolbar({ clientId, machines, actions }: Props) {
  const { may } = useConsole();
  const [isWriting, setWriting] = useState(false);
  const simulated = machines.some((machine) => machine.simulated);
  if (!may('operator')) return null;
  return (
    <div class="toolbar">
      {simulated && <AllMachines clientId={clientId} machines={machines} actions={actions} />}
      <div class="group" role="group" aria-label={`tests for ${clientId}`}>
        {may('editor') && (
          <button onClick={() => setWriting(true)} aria-label={`send event for ${clientId}`} aria-haspopup="dialog">
            Send event
          </button>
        )}
        <button onClick={actions.testAlert} aria-label={`fire test alert for ${clientId}`}>
          Fire test alert
        </button>
      </div>
      {isWriting && <EventDialog {...{ clientId, machines, actions }} onClose={() => setWriting(false)} />}
    </div>
  );
}

function AllMachines({ clientId, machines, actions }: Props) {
  const noneHeld = !machines.some(({ held, silent }) => held || silent);
  const all = `all machines of ${clientId}`;
  const releaseLabel = `resume simulation of the machines of ${clientId}`;
  return (
    <div class="group" role="group" aria-label={all}>
      <button onClick={() => actions.allMachines('start')} aria-label={`start ${all}`}>
        Start all
      </button>
      <button onClick={() => actions.allMachines('stop')} aria-label={`stop ${all}`}>
        Stop all
      </button>
      <button onClick={() => actions.allMachines('release')} aria-label={releaseLabel} disabled={noneHeld}>
        Resume simulation
      </button>
    </div>
  );
}
