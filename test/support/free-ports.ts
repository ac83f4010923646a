import getPort from 'get-port';
import { LOCAL_HOST } from '../../src/dev-servers/ports.ts';

/** Free ports of this machine, all different. */
export const freePorts = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => getPort({ host: LOCAL_HOST })));
