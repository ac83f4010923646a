import type { Machine, MachineState } from '../schemas/machines.ts';

export type { Machine, MachineState };

export interface MachinesPort {
  list(): Machine[];
  start(clientId: string, machineId?: string): void;
  stop(clientId: string, machineId?: string): void;
  /** The machine works on, but sends no events. */
  silence(clientId: string, machineId?: string): void;
  /** It sends events again, first its state. */
  unsilence(clientId: string, machineId?: string): void;
  /** Returns the machines to the simulation; none is silent. */
  release(clientId: string): void;
}
