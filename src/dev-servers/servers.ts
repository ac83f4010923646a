import { resolve } from 'node:path';
import type { VigilError } from '../core/primitives/errors.ts';
import { clearDataDir, makeDataDir } from './data-dir.ts';
import { findBinary } from './binaries/find-binary.ts';
import { stopLeftover } from './processes/leftovers.ts';
import { startLocalServer, type LocalServer } from './local-server.ts';
import { awaitNats, localNats, type ConnectionSecurity } from './nats.ts';
import { hostPlatform } from './binaries/pins.ts';
import { checkPortFree, LOCAL_HOST } from './ports.ts';
import { awaitTemporal, localTemporal, type TemporalSecurity } from './temporal.ts';

/** Long enough for `docker compose up`, where all services start at once. */
const REACHABLE_WITHIN_MS = 60_000;

export interface ServersOptions {
  /** `host:port` of a running server; vigil then starts none. */
  temporalAddress?: string | undefined;
  /** TLS and API key for that server. */
  temporalSecurity?: TemporalSecurity;
  natsSecurity?: ConnectionSecurity;
  /** `nats://host:port` of a running server; vigil then starts none. */
  natsUrl?: string | undefined;
  namespace: string;
  dataDir: string;
  temporalPort: number;
  /** 0: without the UI. */
  temporalUiPort: number;
  /** The codec server that Temporal's UI asks, if payloads are encrypted. */
  codecUrl?: string | undefined;
  natsPort: number;
  natsMqttPort?: number | undefined;
  /** Delete the data of the servers that vigil starts. */
  fresh: boolean;
  progress: (line: string) => void;
  /** Called if a server that vigil started exits without stop(). */
  onDied: (error: VigilError) => void;
  /** Cancels the start: stops the servers that run, and ensureServers rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Settings that tests override. */
export interface Surroundings {
  /** Source of PATH, HOME and XDG_CACHE_HOME. */
  env: NodeJS.ProcessEnv;
  /** How long to wait for a server that vigil does not start. */
  reachableWithinMs: number;
}

export interface Servers {
  temporalAddress: string;
  natsUrl: string;
  /** null if vigil did not start Temporal, or started it without the UI. */
  temporalUiUrl: string | null;
  /** Stops the servers that vigil started, Temporal first. Resolves when no process is left. */
  stop(): Promise<void>;
}

/**
 * Makes Temporal and NATS ready: checks servers with a given address, finds and starts the others.
 * @throws VigilError SERVER_NOT_FOUND, SERVER_CHECKSUM, SERVER_BUILD_FAILED, SERVER_DIED, PORT_TAKEN, CONFIG_INVALID,
 *   TEMPORAL_UNREACHABLE, NATS_UNREACHABLE, after stopping the servers that it started
 */
export async function ensureServers(
  options: ServersOptions,
  { env, reachableWithinMs }: Surroundings = { env: process.env, reachableWithinMs: REACHABLE_WITHIN_MS },
): Promise<Servers> {
  const { namespace, temporalPort, temporalUiPort, natsPort, natsMqttPort, progress, onDied } = options;
  const dataDir = resolve(options.dataDir);
  const temporalAddress = options.temporalAddress ?? `${LOCAL_HOST}:${temporalPort}`;
  const natsUrl = options.natsUrl ?? `nats://${LOCAL_HOST}:${natsPort}`;
  const startsTemporal = options.temporalAddress === undefined;
  const startsNats = options.natsUrl === undefined;

  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const patience = { withinMs: reachableWithinMs, signal, progress };

  const local = [
    ...(startsTemporal
      ? [localTemporal({ dataDir, namespace, port: temporalPort, uiPort: temporalUiPort, codecUrl: options.codecUrl })]
      : []),
    ...(startsNats ? [localNats({ dataDir, port: natsPort, mqttPort: natsMqttPort })] : []),
  ];
  await makeRoom(local, dataDir, options);
  const found: { server: LocalServer; executable: string }[] = [];
  for (const server of local) {
    const executable = await findBinary(server.pin, { env, platform: hostPlatform(), progress, signal });
    found.push({ server, executable });
  }

  const checks = [
    ...(startsTemporal ? [] : [awaitTemporal(temporalAddress, namespace, patience, options.temporalSecurity)]),
    ...(startsNats ? [] : [awaitNats(natsUrl, patience, { security: options.natsSecurity ?? {} })]),
  ];
  const starts = found.map(({ server, executable }) =>
    startLocalServer(server, executable, { env, progress, signal, onDied }),
  );
  for (const each of [...checks, ...starts]) each.catch((error: unknown) => failure.abort(error));
  await Promise.allSettled(checks);
  const started = await Promise.allSettled(starts);
  const running = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = async (): Promise<void> => {
    for (const server of running) await server.stop();
  };
  if (signal.aborted) await stop();
  signal.throwIfAborted();

  const temporalUiUrl = startsTemporal && temporalUiPort !== 0 ? `http://localhost:${temporalUiPort}` : null;
  return { temporalAddress, natsUrl, temporalUiUrl, stop };
}

/**
 * Runs before any download or start: creates the data directory, stops leftovers, checks ports, clears data if `fresh`.
 */
async function makeRoom(
  servers: readonly LocalServer[],
  dataDir: string,
  { fresh, progress }: ServersOptions,
): Promise<void> {
  if (servers.length === 0) {
    if (fresh) progress('--fresh has no effect: vigil does not start these servers and does not own their data');
    return;
  }
  await makeDataDir(dataDir);
  for (const server of servers) await stopLeftover(server, progress);
  await Promise.all(servers.flatMap((server) => server.ports).map(checkPortFree));
  const entries = servers.flatMap((server) => server.entries);
  if (fresh) await clearDataDir(dataDir, entries, progress);
}
