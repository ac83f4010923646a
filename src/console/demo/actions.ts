import type { Console } from '../app/console.ts';
import type { Machine } from '../server/wire.ts';
import { commandMachine, commandMachines, fireTestAlert, fireTestEvent, type MachineCommand } from './requests.ts';
import type { Change } from './state.ts';

/** The button handlers of one client. Each shows its result in the machines or in a notice. */
export interface Actions {
  machine: (machineId: string, command: MachineCommand) => void;
  allMachines: (command: MachineCommand) => void;
  testEvent: () => void;
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
  const fireEvent = async (): Promise<void> => {
    const { sequence } = await fireTestEvent(clientId);
    say(`${clientId}: test event stored as #${sequence}.`);
  };
  const fireAlert = async (): Promise<void> => {
    await fireTestAlert(clientId);
    say(`${clientId}: test alert published.`);
  };
  return {
    machine: (machineId, command) => attempt(apply(commandMachine(clientId, machineId, command))),
    allMachines: (command) => attempt(apply(commandMachines(clientId, command))),
    testEvent: () => attempt(fireEvent()),
    testAlert: () => attempt(fireAlert()),
  };
}
