import type { MachineState } from '../api/ports/machines.ts';

/** How long a machine takes from `starting` to `running`. */
export const START_DURATION_MS = 2_000;

export interface SimulatedMachine {
  state(): MachineState;
  /** stopped → starting → running. Does nothing if the machine is starting or running. */
  start(): void;
  /** Stops immediately, from any state. */
  stop(): void;
  /** Clears the timer and keeps the state. */
  dispose(): void;
}

/** A machine, initially stopped. Calls `changed` with every new state. */
export function createMachine(changed: (state: MachineState) => void): SimulatedMachine {
  let state: MachineState = 'stopped';
  let startUp: NodeJS.Timeout | undefined;
  const become = (next: MachineState): void => {
    state = next;
    changed(next);
  };
  return {
    state: () => state,
    start() {
      if (state !== 'stopped') return;
      become('starting');
      startUp = setTimeout(() => become('running'), START_DURATION_MS);
    },
    stop() {
      clearTimeout(startUp);
      if (state !== 'stopped') become('stopped');
    },
    dispose: () => clearTimeout(startUp),
  };
}
