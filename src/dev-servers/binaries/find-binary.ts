import { join } from 'node:path';
import { VigilError } from '../../core/primitives/errors.ts';
import { onPath, versionOf } from '../processes/command.ts';
import { downloadExecutable } from './download.ts';
import { goInstall } from './go-install.ts';
import type { Pin } from './pins.ts';
import { installExecutable, userCacheDir } from './user-cache.ts';

export interface FindContext {
  env: NodeJS.ProcessEnv;
  /** Such as `linux-amd64`. */
  platform: string;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Finds the executable of a server: on PATH, in the user's cache, in the release archive, or built with Go, in this
 * order. Downloaded and built executables stay in the cache.
 * @throws VigilError SERVER_NOT_FOUND, SERVER_CHECKSUM, SERVER_BUILD_FAILED
 */
export async function findBinary(pin: Pin, context: FindContext): Promise<string> {
  const target = { folder: join(userCacheDir(context.env), 'bin'), name: `${pin.command}-${pin.version}` };
  const present = (await fromPath(pin, context)) ?? (await fromCache(join(target.folder, target.name), pin, context));
  if (present !== null) return present;

  const downloaded = await fromArchive(pin, target, context);
  if ('path' in downloaded) return downloaded.path;

  const [go] = await onPath('go', context.env);
  if (go === undefined) throw notFound(pin, downloaded.reason);
  context.progress(`building ${pin.command} ${pin.version} with ${go}; this happens once and can take minutes`);
  return installExecutable(target, (folder) => goInstall(go, pin, folder, context));
}

async function fromPath(pin: Pin, { env, progress }: FindContext): Promise<string | null> {
  for (const candidate of await onPath(pin.command, env)) {
    const version = await versionOf(candidate, env);
    if (version !== null) {
      progress(`using ${candidate} (${version})`);
      return candidate;
    }
    progress(`skipping ${candidate}: \`--version\` fails`);
  }
  return null;
}

async function fromCache(path: string, pin: Pin, { env, progress }: FindContext): Promise<string | null> {
  if ((await versionOf(path, env)) === null) return null;
  progress(`using ${pin.command} ${pin.version} from ${path}`);
  return path;
}

async function fromArchive(
  pin: Pin,
  target: { folder: string; name: string },
  context: FindContext,
): Promise<{ path: string } | { reason: string }> {
  const archive = pin.archives[context.platform];
  if (archive === undefined) return { reason: `no pinned archive for ${context.platform}` };
  context.progress(`downloading ${pin.command} ${pin.version} from ${archive.url}`);
  try {
    return { path: await installExecutable(target, (folder) => downloadExecutable(archive, folder, context)) };
  } catch (error) {
    if (!(error instanceof VigilError) || error.code !== 'SERVER_DOWNLOAD_FAILED') throw error;
    context.progress(error.message);
    return { reason: error.message };
  }
}

function notFound(pin: Pin, reason: string): VigilError {
  return new VigilError(
    'SERVER_NOT_FOUND',
    `${pin.command} is not on PATH, ${pin.command} ${pin.version} cannot be downloaded (${reason}), and Go, to build ` +
      `it, is not on PATH. Install ${pin.command} (${pin.homepage}) or Go (https://go.dev/dl), or set ${pin.addressSetting} ` +
      'to a running server.',
    { command: pin.command, version: pin.version },
  );
}
