import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { VigilError } from '../../core/primitives/errors.ts';
import { covers } from '../access/authorize.ts';
import { RequestError } from '../errors.ts';
import { json, problems, problemsOfChange } from '../openapi/responses.ts';
import type { MachinesPort } from '../ports/machines.ts';
import { machineList, machinesOfClient } from '../schemas/machines.ts';
import { clientParams } from '../schemas/shared/params.ts';

const listMachines = createRoute({
  method: 'get',
  path: '/machines',
  operationId: 'listMachines',
  tags: ['Simulator'],
  summary: 'List the simulated machines',
  responses: { 200: json('the machines', machineList), ...problems() },
});

const machineParams = clientParams.extend({ machineId: z.string().openapi({ example: 'machine-01' }) });

type OfOne = 'start' | 'stop' | 'silence' | 'unsilence';
type OfAll = 'start' | 'stop' | 'release';

const ofMachine = <Name extends OfOne>(command: Name, summary: string) =>
  createRoute({
    method: 'post',
    path: `/clients/{clientId}/machines/{machineId}/${command}`,
    operationId: `${command}Machine`,
    summary,
    request: { params: machineParams },
    ...SIMULATED,
  });

const ofClient = <Name extends OfAll>(command: Name, summary: string) =>
  createRoute({
    method: 'post',
    path: `/clients/{clientId}/machines/${command}`,
    operationId: `${command}Machines`,
    summary,
    request: { params: clientParams },
    ...SIMULATED,
  });

const SIMULATED = {
  tags: ['Simulator'],
  responses: {
    200: json('the machines of the client', machinesOfClient),
    ...problemsOfChange('REQUEST_INVALID', 'MACHINE_NOT_FOUND', 'SIMULATOR_OFF'),
  },
};

/** `/machines`, and the commands of the simulator under `/clients/:clientId/machines`. */
export function machineRoutes(machines: MachinesPort | undefined): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listMachines, (c) =>
    c.json(
      {
        simulator: machines !== undefined,
        machines: (machines?.list() ?? []).filter(({ clientId }) => covers(c, clientId)),
      },
      200,
    ),
  );
  for (const [command, summary] of OF_ONE)
    app.openapi(ofMachine(command, summary), (c) => c.json(obey(machines, command, c.req.valid('param')), 200));
  for (const [command, summary] of OF_ALL)
    app.openapi(ofClient(command, summary), (c) => c.json(obey(machines, command, c.req.valid('param')), 200));
  return app;
}

const OF_ONE = [
  ['start', 'Start a machine'],
  ['stop', 'Stop a machine'],
  ['silence', 'Stop the events of a machine'],
  ['unsilence', 'Let a silent machine send events again'],
] as const;

const OF_ALL = [
  ['start', 'Start all machines of a client'],
  ['stop', 'Stop all machines of a client'],
  ['release', 'Return the machines of a client to the simulation'],
] as const;

interface Which {
  clientId: string;
  machineId?: string;
}

/** Resolves with the machines of the client. @throws VigilError SIMULATOR_OFF; RequestError MACHINE_NOT_FOUND */
function obey(machines: MachinesPort | undefined, command: OfOne | OfAll, { clientId, machineId }: Which) {
  if (!machines) throw new VigilError('SIMULATOR_OFF', 'Start vigil without --no-simulator to use its machines.');
  const ofClient = () => machines.list().filter((machine) => machine.clientId === clientId);
  if (!ofClient().some((machine) => (machineId ?? machine.machineId) === machine.machineId)) {
    throw new RequestError('MACHINE_NOT_FOUND', 'List the machines with GET /api/machines.', {
      clientId,
      machineId: machineId ?? null,
    });
  }
  machines[command](clientId, machineId);
  return { machines: ofClient() };
}
