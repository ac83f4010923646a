import { Hono, type Context } from 'hono';
import { VigilError } from '../core/primitives/errors.ts';
import { RequestError } from './errors.ts';
import type { MachinesPort } from './ports.ts';
import { clientIdOf } from './request.ts';

/** `/machines`, and the commands of the simulator under `/clients/:clientId/machines`. */
export function machineRoutes(machines: MachinesPort | undefined): Hono {
  const app = new Hono();

  app.get('/machines', (c) => c.json({ simulator: machines !== undefined, machines: machines?.list() ?? [] }));

  const command = (apply: (port: MachinesPort, clientId: string, machineId?: string) => void) => (c: Context) => {
    if (!machines) throw new VigilError('SIMULATOR_OFF', 'Start vigil without --no-simulator to use its machines.');
    const clientId = clientIdOf(c);
    const machineId = c.req.param('machineId');
    const ofClient = () => machines.list().filter((machine) => machine.clientId === clientId);
    if (!ofClient().some((machine) => (machineId ?? machine.machineId) === machine.machineId)) {
      throw new RequestError('MACHINE_NOT_FOUND', 'List the machines with GET /api/machines.', {
        clientId,
        machineId: machineId ?? null,
      });
    }
    apply(machines, clientId, machineId);
    return c.json({ machines: ofClient() });
  };

  const start = command((port, clientId, machineId) => port.start(clientId, machineId));
  const stop = command((port, clientId, machineId) => port.stop(clientId, machineId));
  app.post('/clients/:clientId/machines/start', start);
  app.post('/clients/:clientId/machines/stop', stop);
  app.post(
    '/clients/:clientId/machines/release',
    command((port, clientId) => port.release(clientId)),
  );
  app.post('/clients/:clientId/machines/:machineId/start', start);
  app.post('/clients/:clientId/machines/:machineId/stop', stop);

  return app;
}
