import getPort from 'get-port';
import { LOCAL_HOST } from '../../src/dev-servers/ports.ts';

/** Returns different free local ports. */
export const freePorts = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => getPort({ host: LOCAL_HOST })));
