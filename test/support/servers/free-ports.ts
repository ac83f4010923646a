import { randomInt } from 'node:crypto';
import getPort from 'get-port';
import { LOCAL_HOST } from '../../../src/dev-servers/ports.ts';

/** Below the ports that Linux gives to outgoing connections (32768 and up), which could take a free one any time. */
const PORTS = [12_000, 32_768] as const;
const CHOICES = 50;

/** Returns different free local ports, chosen at random, because other test runs choose theirs at the same time. */
export const freePorts = (count: number): Promise<number[]> =>
  Promise.all(
    Array.from({ length: count }, () =>
      getPort({ host: LOCAL_HOST, port: Array.from({ length: CHOICES }, () => randomInt(...PORTS)) }),
    ),
  );
