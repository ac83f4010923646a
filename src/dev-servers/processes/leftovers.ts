import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { VigilError } from '../../core/primitives/errors.ts';
import type { LocalServer } from '../local-server.ts';
import { readPidFile } from './pid-file.ts';
import { processEntry, signalGroup } from './process-table.ts';
import { STOP_GRACE_MS } from './server-process.ts';

const LOOK_AGAIN_MS = 50;

/**
 * Stops a server that an earlier vigil left running, because it was killed before it could.
 * @throws VigilError CONFIG_INVALID when that vigil is still there: two must not share a data folder
 */
export async function stopLeftover(server: LocalServer, progress: (line: string) => void): Promise<void> {
  const record = await readPidFile(server.pidFile);
  if (record === null) return;
  const { pid, vigilPid } = record;
  const isOurs = async (): Promise<boolean> => (await processEntry(pid))?.command.includes(server.mark) ?? false;

  if (await isOurs()) {
    // A process whose parent has ended gets another parent, so this is exact even when numbers are used again.
    if ((await processEntry(pid))?.parentPid === vigilPid) throw inUse(server.dataDir, vigilPid);
    progress(`stopping ${server.name} (process ${pid}), which an earlier vigil left running`);
    signalGroup(pid, 'SIGTERM');
    const killAtMs = performance.now() + STOP_GRACE_MS;
    while (await isOurs()) {
      if (performance.now() >= killAtMs) signalGroup(pid, 'SIGKILL');
      await delay(LOOK_AGAIN_MS);
    }
  }
  await rm(server.pidFile, { force: true });
}

function inUse(dataDir: string, vigilPid: number): VigilError {
  return new VigilError(
    'CONFIG_INVALID',
    `VIGIL_DATA_DIR=${dataDir} is in use by another vigil (process ${vigilPid}). Stop that one, or give this one ` +
      'another VIGIL_DATA_DIR and other ports.',
    { setting: 'VIGIL_DATA_DIR', dataDir, vigilPid },
  );
}
