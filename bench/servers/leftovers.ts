import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { stopLeftover } from '../../src/dev-servers/processes/leftovers.ts';
import { localNats } from '../../src/dev-servers/nats.ts';
import { processEntry } from '../../src/dev-servers/processes/process-table.ts';
import { localTemporal } from '../../src/dev-servers/temporal.ts';

/** Data folders of benches are `vigil-bench-<process>-<chance>`. */
export const folderPrefix = (pid: number): string => `vigil-bench-${pid}-`;
const FOLDER = /^vigil-bench-(\d+)-/;

/** Stops the servers, and removes the data, of benches that were killed before they could do it themselves. */
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
      // The bench that they belong to still runs.
      if (error instanceof VigilError && error.code === 'CONFIG_INVALID') continue;
      throw error;
    }
    if ((await processEntry(Number(pid))) === null) await rm(dataDir, { recursive: true, force: true });
  }
}
