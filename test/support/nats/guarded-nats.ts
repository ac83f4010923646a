import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../../../src/dev-servers/binaries/find-binary.ts';
import { startLocalServer, type LocalServer } from '../../../src/dev-servers/local-server.ts';
import { awaitNats, localNats, type ConnectionSecurity } from '../../../src/dev-servers/nats.ts';
import { hostPlatform } from '../../../src/dev-servers/binaries/pins.ts';
import { freePorts } from '../servers/free-ports.ts';

export interface GuardedNats {
  port: number;
  stop(): Promise<void>;
}

export interface Guard {
  /** Further arguments, such as `--user`, `me`. */
  args?: readonly string[];
  /** Further configuration. */
  config?: string;
  /** The URL with credentials for vigil. */
  urlOf: (port: number) => string;
  /** What a connection needs beside the URL. */
  security?: ConnectionSecurity;
}

/** A real nats-server that requires credentials. */
export async function startGuardedNats({ args = [], config = '', urlOf, security = {} }: Guard): Promise<GuardedNats> {
  const [port = 0] = await freePorts(1);
  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-guarded-'));
  const open = localNats({ dataDir, port, url: urlOf(port) });
  const [{ env }, { signal }] = [process, new AbortController()];
  const quiet = (): void => undefined;
  const executable = await findBinary(open.pin, { env, platform: hostPlatform(), progress: quiet, signal });
  const guarded: LocalServer = {
    ...open,
    args: [...open.args, ...args],
    ready: (patience) => awaitNats(urlOf(port), patience, { security }),
    async prepare() {
      await open.prepare();
      await appendFile(open.mark, config);
    },
  };
  const server = await startLocalServer(guarded, executable, {
    env,
    signal,
    progress: quiet,
    onDied(error) {
      throw error;
    },
  });
  return {
    port,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
