import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VigilError } from '../core/primitives/errors.ts';
import { reasonOf } from './processes/command.ts';

/** Creates the data directory. @throws VigilError CONFIG_INVALID */
export async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true }).catch((error: unknown) => {
    throw new VigilError(
      'CONFIG_INVALID',
      `VIGIL_DATA_DIR=${dataDir}: ${reasonOf(error)}. Set it to a directory that vigil can write to.`,
      { setting: 'VIGIL_DATA_DIR', dataDir },
      { cause: error },
    );
  });
}

/** Removes the named entries only, and reports the others, which vigil did not create. */
export async function clearDataDir(
  dataDir: string,
  entries: readonly string[],
  progress: (line: string) => void,
): Promise<void> {
  const present = await readdir(dataDir);
  const ours = present.filter((name) => entries.includes(name));
  const others = present.filter((name) => !entries.includes(name));
  await Promise.all(ours.map((name) => rm(join(dataDir, name), { recursive: true, force: true })));
  progress(`cleared ${dataDir} (${ours.length} entries)${others.length === 0 ? '' : `, kept ${others.join(', ')}`}`);
}
