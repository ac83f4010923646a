import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, nkeyAuthenticator, type NatsConnection } from 'nats';
import { packageRoot } from '../../../src/app/paths.ts';
import { findBinary } from '../../../src/dev-servers/binaries/find-binary.ts';
import { hostPlatform, NATS_SERVER } from '../../../src/dev-servers/binaries/pins.ts';
import { serverFiles } from '../../../src/dev-servers/local-server.ts';
import { awaitNats } from '../../../src/dev-servers/nats.ts';
import { startServer } from '../../../src/dev-servers/processes/server-process.ts';
import { freePorts } from '../servers/free-ports.ts';
import { nkeys, type Nkey } from './nkeys.ts';

/** A user of docker/nats: of a client, who sends events or reads alerts. */
export type TenantUser = `client-0${1 | 2 | 3}-${'sender' | 'reader'}`;

export interface TenantNats {
  port: number;
  mqttPort: number;
  /** For vigil. */
  url: string;
  passwordOf(user: TenantUser): string;
  /** Users of client-03 log in with nkeys, the others with passwords. */
  connectAs(user: TenantUser | 'vigil'): Promise<NatsConnection>;
  stop(): Promise<void>;
}

type Edit = readonly [file: string, from: string, to: string];

const FOLDER = join(packageRoot, 'docker/nats');
const READY_WITHIN_MS = 60_000;
const passwordOf = (user: string): string => `12-${user}`;
const variableOf = (user: string): string => user.toUpperCase().replaceAll('-', '_');

/**
 * nats-server with the configuration of docker/nats, on free ports. client-03 is added as accounts.conf says: without
 * the `#` in front of it.
 * @param edits further changes of these files: file, from, to
 */
export async function startTenantNats(edits: readonly Edit[] = []): Promise<TenantNats> {
  const [port = 0, mqttPort = 0, httpPort = 0] = await freePorts(3);
  const folder = await mkdtemp(join(tmpdir(), 'vigil-tenants-'));
  await cp(FOLDER, folder, { recursive: true });
  const own: Edit[] = [
    ['server.conf', 'store_dir: /data', `store_dir: ${JSON.stringify(join(folder, 'data'))}`],
    ['server.conf', 'port: 1883', `port: ${mqttPort}`],
    ['accounts.conf', '# client-03 {', 'client-03 {'],
  ];
  for (const [file, from, to] of [...own, ...edits]) await edit(join(folder, file), from, to);

  const seeds: Record<string, Nkey> = {
    'client-03-sender': nkeys.createUser(),
    'client-03-reader': nkeys.createUser(),
  };
  const withPassword = ['vigil', 'client-01-sender', 'client-01-reader', 'client-02-sender', 'client-02-reader'];
  const env = {
    ...Object.fromEntries(withPassword.map((user) => [`NATS_${variableOf(user)}_PASSWORD`, `"${passwordOf(user)}"`])),
    ...Object.fromEntries(
      Object.entries(seeds).map(([user, seed]) => [`NATS_${variableOf(user)}_NKEY`, seed.getPublicKey()]),
    ),
  };
  const url = `nats://vigil:${passwordOf('vigil')}@127.0.0.1:${port}`;
  const { signal } = new AbortController();
  const quiet = (): void => undefined;
  const platform = hostPlatform();
  const executable = await findBinary(NATS_SERVER, { env: process.env, platform, progress: quiet, signal });
  const args = ['--config', join(folder, 'server.conf'), '--addr', '127.0.0.1', '--port', String(port)];
  const server = await startServer(
    {
      ...{ name: 'NATS', executable, env, ...serverFiles(folder, 'nats') },
      args: [...args, '--http_port', String(httpPort)],
    },
    (startUp) => awaitNats(url, { withinMs: READY_WITHIN_MS, signal: startUp, progress: quiet }),
    (error) => {
      throw error;
    },
  );
  return {
    ...{ port, mqttPort, url, passwordOf },
    connectAs: (user) => {
      const seed = seeds[user];
      return connect({
        servers: `127.0.0.1:${port}`,
        ...(seed === undefined
          ? { user, pass: passwordOf(user) }
          : { authenticator: nkeyAuthenticator(seed.getSeed()) }),
      });
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no "${from}".`);
  await writeFile(file, text.replace(from, to));
}
