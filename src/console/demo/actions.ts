import type { Console } from '../app/console.ts';
import type { Machine } from '../server/wire.ts';
import {
  commandMachine,
  commandMachines,
  fireTestAlert,
  sendEvent,
  type AllMachinesCommand,
  type MachineCommand,
} from './requests.ts';
import type { Change } from './state.ts';

/** The button handlers of one client. Each shows its result in the machines or in a notice. */
export interface Actions {
  machine: (machineId: string, command: MachineCommand) => void;
  allMachines: (command: AllMachinesCommand) => void;
  /** Rejects if the event is refused. `json`: an object. */
  event: (type: string, json: string) => Promise<void>;
  testAlert: () => void;
}

export function clientActions(
  clientId: string,
  { attempt, say }: Pick<Console, 'attempt' | 'say'>,
  dispatch: (change: Change) => void,
): Actions {
  const apply = async (answer: Promise<{ machines: Machine[] }>): Promise<void> => {
    const askedAtMs = Date.now();
    dispatch({ type: 'machines', askedAtMs, ...(await answer) });
  };
  const event = async (type: string, json: string): Promise<void> => {
    const { sequence } = await sendEvent(clientId, type, json);
    say(`${clientId}: event stored as #${sequence}.`);
  };
  const fireAlert = async (): Promise<void> => {
    await fireTestAlert(clientId);
    say(`${clientId}: test alert published.`);
  };
  return {
    machine: (machineId, command) => attempt(apply(commandMachine(clientId, machineId, command))),
    allMachines: (command) => attempt(apply(commandMachines(clientId, command))),
    event,
    testAlert: () => attempt(fireAlert()),
  };
}
