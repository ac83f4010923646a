import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { VigilError } from '../../core/primitives/errors.ts';
import type { LocalServer } from '../local-server.ts';
import { readPidFile } from './pid-file.ts';
import { processEntry, signalGroup } from './process-table.ts';
import { STOP_GRACE_MS } from './server-process.ts';

const LOOK_AGAIN_MS = 50;

/**
 * Stops a server that an earlier vigil left running because it was killed.
 * @throws VigilError CONFIG_INVALID if that vigil still runs: two must not share a data directory
 */
export async function stopLeftover(server: LocalServer, progress: (line: string) => void): Promise<void> {
  const record = await readPidFile(server.pidFile);
  if (record === null) return;
  const { pid, vigilPid } = record;
  const isOurs = async (): Promise<boolean> => (await processEntry(pid))?.command.includes(server.mark) ?? false;

  if (await isOurs()) {
    // An orphaned process gets another parent, so this check is exact even if process ids are reused.
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
    `VIGIL_DATA_DIR=${dataDir} is in use by another vigil (process ${vigilPid}). Stop it, or start this one with ` +
      'another VIGIL_DATA_DIR and other ports.',
    { setting: 'VIGIL_DATA_DIR', dataDir, vigilPid },
  );
}
