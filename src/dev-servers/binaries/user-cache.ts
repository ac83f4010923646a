import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** vigil's directory in the user's cache: XDG_CACHE_HOME, or the default of the platform. */
export function userCacheDir(env: NodeJS.ProcessEnv): string {
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'vigil');
  const home = env['HOME'] ?? homedir();
  return process.platform === 'darwin' ? join(home, 'Library', 'Caches', 'vigil') : join(home, '.cache', 'vigil');
}

/**
 * Installs an executable at `target` atomically, so that other processes never see a partial file.
 * `produce` creates it in a staging directory on the same disk and returns its path.
 */
export async function installExecutable(
  target: { folder: string; name: string },
  produce: (staging: string) => Promise<string>,
): Promise<string> {
  await mkdir(target.folder, { recursive: true });
  const staging = await mkdtemp(join(target.folder, `.${target.name}-`));
  try {
    const made = await produce(staging);
    await chmod(made, 0o755);
    const installed = join(target.folder, target.name);
    await rename(made, installed);
    return installed;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
