import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { ensureServers, type Servers } from '../../../src/dev-servers/servers.ts';
import { clearLeftovers, folderPrefix } from './leftovers.ts';

export const NAMESPACE = 'default';

export interface OwnServers extends Servers {
  /** Data directory of both servers; removed by `stop()`. */
  dataDir: string;
}

/** Starts Temporal and NATS on free ports with a temporary data directory. */
export async function startOwnServers(): Promise<OwnServers> {
  await clearLeftovers(tmpdir(), (line) => console.error(`bench: ${line}`));
  const dataDir = await mkdtemp(join(tmpdir(), folderPrefix(process.pid)));
  const [temporalPort, natsPort] = [await getPort({ host: '127.0.0.1' }), await getPort({ host: '127.0.0.1' })];
  const servers = await ensureServers({
    ...{ namespace: NAMESPACE, dataDir, temporalPort, temporalUiPort: 0, natsPort, fresh: false },
    progress: () => undefined,
    onDied: (error) => {
      throw error;
    },
  });
  return {
    ...servers,
    dataDir,
    async stop() {
      await servers.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
