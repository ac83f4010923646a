import {
  commandMachine,
  commandMachines,
  errorText,
  fireTestAlert,
  fireTestEvent,
  type MachineCommand,
} from './http.ts';
import type { Change } from './state.ts';
import type { Machine } from './wire.ts';

/** The button handlers of one client. Each shows its result in the machines or in a notice. */
export interface Actions {
  machine: (machineId: string, command: MachineCommand) => void;
  allMachines: (command: MachineCommand) => void;
  testEvent: () => void;
  testAlert: () => void;
}

export function clientActions(clientId: string, dispatch: (change: Change) => void): Actions {
  const notice = (text: string, bad = false): void => dispatch({ type: 'notice', notice: { text, bad } });
  const attempt = (work: Promise<void>): void => {
    work.catch((error: unknown) => notice(errorText(error), true));
  };
  const apply = async (answer: Promise<{ machines: Machine[] }>): Promise<void> => {
    const askedAtMs = Date.now();
    dispatch({ type: 'machines', askedAtMs, ...(await answer) });
  };
  const fireEvent = async (): Promise<void> => {
    const { sequence } = await fireTestEvent(clientId);
    notice(`${clientId}: test event stored as #${sequence}.`);
  };
  const fireAlert = async (): Promise<void> => {
    await fireTestAlert(clientId);
    notice(`${clientId}: test alert published.`);
  };
  return {
    machine: (machineId, command) => attempt(apply(commandMachine(clientId, machineId, command))),
    allMachines: (command) => attempt(apply(commandMachines(clientId, command))),
    testEvent: () => attempt(fireEvent()),
    testAlert: () => attempt(fireAlert()),
  };
}
