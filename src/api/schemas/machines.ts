import { z } from '@hono/zod-openapi';

const MACHINE_STATES = ['stopped', 'starting', 'running'] as const;

const machine = z
  .object({
    clientId: z.string(),
    machineId: z.string(),
    state: z.enum(MACHINE_STATES),
    held: z.boolean().openapi({
      description: 'true after a start or stop: the simulation does not change the machine until it is released',
    }),
    silent: z.boolean().openapi({ description: 'true: it works, but sends no events' }),
  })
  .openapi('Machine');

export type MachineState = (typeof MACHINE_STATES)[number];
export type Machine = z.infer<typeof machine>;

export const machinesOfClient = z.object({ machines: z.array(machine) }).openapi('MachinesOfClient');

export const machineList = z
  .object({ simulator: z.boolean().openapi({ description: 'whether the simulator runs' }), machines: z.array(machine) })
  .openapi('MachineList');
