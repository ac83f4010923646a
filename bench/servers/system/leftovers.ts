import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VigilError } from '../../../src/core/primitives/errors.ts';
import { stopLeftover } from '../../../src/dev-servers/processes/leftovers.ts';
import { localNats } from '../../../src/dev-servers/nats.ts';
import { processEntry } from '../../../src/dev-servers/processes/process-table.ts';
import { localTemporal } from '../../../src/dev-servers/temporal.ts';

/** Data directories of benchmarks are `vigil-bench-<process>-<random>`. */
export const folderPrefix = (pid: number): string => `vigil-bench-${pid}-`;
const FOLDER = /^vigil-bench-(\d+)-/;

/** Stops the servers and removes the data of benchmarks that were killed. */
export async function clearLeftovers(parent: string, progress: (line: string) => void): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = FOLDER.exec(name)?.[1];
    if (pid === undefined) continue;
    const dataDir = join(parent, name);
    const servers = [
      localTemporal({ dataDir, namespace: 'default', port: 0, uiPort: 0 }),
      localNats({ dataDir, port: 0 }),
    ];
    try {
      for (const server of servers) await stopLeftover(server, progress);
    } catch (error) {
      // The benchmark of these servers still runs.
      if (error instanceof VigilError && error.code === 'CONFIG_INVALID') continue;
      throw error;
    }
    if ((await processEntry(Number(pid))) === null) await rm(dataDir, { recursive: true, force: true });
  }
}
