import { cpus, release, totalmem, type } from 'node:os';

/** The machine on which the figures were measured. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
}

const BYTES_PER_GB = 1024 ** 3;

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / BYTES_PER_GB),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

export const machineText = ({ cpu, cores, memoryGb, system, node }: Machine): string =>
  `${cpu}, ${cores} cores, ${memoryGb} GB; ${system}; Node ${node.replace('v', '')}`;
