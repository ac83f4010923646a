import type { MachinesPort } from '../api/ports/machines.ts';
import { createMachine, type SimulatedMachine } from './machine.ts';
import { createOutbox, type Publish, type SimulatorLogger } from './publish-queue.ts';
import { seededRandom, type Random } from './random.ts';
import { planShift, type Action, type Step } from './shift.ts';

export interface SimulatorOptions {
  publish: Publish;
  logger: SimulatorLogger;
  /** The same seed gives the same shifts. */
  seed?: number;
}

export interface Simulator {
  machines: MachinesPort;
  stop(): Promise<void>;
}

const DEFAULT_SEED = 1;
/** How often each machine reports its state, whether it has changed or not. */
const REPORT_MS = 10_000;
export const SIMULATED_CLIENTS = ['client-01', 'client-02'];
export const SIMULATED_MACHINES = ['machine-01', 'machine-02', 'machine-03', 'machine-04', 'machine-05'];

interface Entry {
  clientId: string;
  machineId: string;
  machine: SimulatedMachine;
  /** Controlled by the user: the simulation only records its action in `planned`. */
  held: boolean;
  silent: boolean;
  planned: Action;
}

/**
 * Simulates two clients with five machines each that work in shifts. Publishes `{machineId, state}` as events of type
 * `status`: first the current state of all machines, then each change, and the state again every 10 seconds. Commands for unknown machines throw RangeError.
 */
export function createSimulator({ publish, logger, seed = DEFAULT_SEED }: SimulatorOptions): Simulator {
  const queue = createOutbox(publish, logger);
  const random = seededRandom(seed);

  const report = ({ clientId, machineId, machine, silent }: Entry): void => {
    if (!silent) queue.send(clientId, 'status', { machineId, state: machine.state() });
  };
  const entries = SIMULATED_CLIENTS.flatMap((clientId) =>
    SIMULATED_MACHINES.map((machineId): Entry => {
      const machine = createMachine(() => report(entry));
      const entry: Entry = { clientId, machineId, machine, held: false, silent: false, planned: 'stop' };
      return entry;
    }),
  );
  const select = (clientId: string, machineId?: string): Entry[] => {
    const found = entries.filter(
      (entry) => entry.clientId === clientId && (machineId ?? entry.machineId) === entry.machineId,
    );
    if (found.length === 0) throw new RangeError(`The simulator has no machine ${machineId ?? ''} of ${clientId}.`);
    return found;
  };
  const command =
    (action: Action) =>
    (clientId: string, machineId?: string): void => {
      for (const entry of select(clientId, machineId)) {
        entry.held = true;
        entry.machine[action]();
      }
    };

  const unsilence = (clientId: string, machineId?: string): void => {
    for (const entry of select(clientId, machineId).filter(({ silent }) => silent)) {
      entry.silent = false;
      report(entry);
    }
  };

  entries.forEach(report);
  const reports = setInterval(() => entries.forEach(report), REPORT_MS);
  const endShifts = SIMULATED_CLIENTS.map((clientId) =>
    playShifts(random, ({ machineId, action }) => {
      for (const entry of select(clientId, machineId)) {
        entry.planned = action;
        if (!entry.held) entry.machine[action]();
      }
    }),
  );

  return {
    machines: {
      list: () =>
        entries.map(({ clientId, machineId, machine, held, silent }) => ({
          clientId,
          machineId,
          state: machine.state(),
          held,
          silent,
        })),
      start: command('start'),
      stop: command('stop'),
      silence(clientId, machineId) {
        for (const entry of select(clientId, machineId)) entry.silent = true;
      },
      unsilence,
      release(clientId) {
        for (const entry of select(clientId)) {
          entry.held = false;
          entry.machine[entry.planned]();
        }
        unsilence(clientId);
      },
    },
    async stop() {
      clearInterval(reports);
      for (const end of endShifts) end();
      for (const { machine } of entries) machine.dispose();
      await queue.close();
    },
  };
}

/** Plays shift after shift until the returned function is called. */
function playShifts(random: Random, apply: (step: Step) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const play = ([step, ...rest]: Step[], playedMs: number): void => {
    if (!step) return play(planShift(SIMULATED_MACHINES, random), 0);
    timer = setTimeout(() => {
      apply(step);
      play(rest, step.atMs);
    }, step.atMs - playedMs);
  };
  play([], 0);
  return () => clearTimeout(timer);
}
