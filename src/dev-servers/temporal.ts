import { join } from 'node:path';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { VigilError } from '../core/primitives/errors.ts';
import { serverFiles, type LocalServer } from './local-server.ts';
import { TEMPORAL } from './binaries/pins.ts';
import { LOCAL_HOST } from './ports.ts';
import { untilAnswers, type Patience } from './until-answers.ts';

const PROBE_TIMEOUT_MS = 2_000;
/** The default first retry of gRPC is after 1 s; the server starts in 0.2 s. */
const RECONNECT_MS = { first: 50, longest: 500 };

/** TLS and API key, if the server requires them. */
export type TemporalSecurity = Pick<ConnectionOptions, 'tls' | 'apiKey'>;

export interface TemporalSettings {
  dataDir: string;
  namespace: string;
  port: number;
  /** 0: without the UI. */
  uiPort: number;
  /** The codec server that the UI asks, if payloads are encrypted. */
  codecUrl?: string | undefined;
}

/** Temporal's development server with SQLite. */
export function localTemporal({ dataDir, namespace, port, uiPort, codecUrl }: TemporalSettings): LocalServer {
  const database = join(dataDir, 'temporal.db');
  const ui = uiPort === 0 ? ['--headless'] : ['--ui-port', String(uiPort)];
  const codec = codecUrl === undefined ? [] : ['--ui-codec-endpoint', codecUrl];
  return {
    name: 'Temporal',
    pin: TEMPORAL,
    dataDir,
    ports: [
      { port, setting: 'TEMPORAL_PORT' },
      ...(uiPort === 0 ? [] : [{ port: uiPort, setting: 'TEMPORAL_UI_PORT' }]),
    ],
    ...serverFiles(dataDir, 'temporal'),
    entries: [
      'temporal.db',
      'temporal.db-wal',
      'temporal.db-shm',
      'temporal.db-journal',
      'temporal.log',
      'temporal.pid',
    ],
    args: [
      ...['server', 'start-dev', '--ip', LOCAL_HOST, '--port', String(port), ...ui, ...codec],
      // The namespace `default` always exists.
      ...(namespace === 'default' ? [] : ['--namespace', namespace]),
      ...['--db-filename', database],
      // About 3 times the signal rate; survives kill -9, but can lose the last writes on a power failure.
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
      ...['--log-level', 'warn'],
    ],
    mark: database,
    prepare: async () => {},
    ready: (patience) => awaitTemporal(`${LOCAL_HOST}:${port}`, namespace, patience),
  };
}

/**
 * Waits until the namespace answers.
 * @throws VigilError TEMPORAL_UNREACHABLE
 */
export async function awaitTemporal(
  address: string,
  namespace: string,
  patience: Patience,
  security: TemporalSecurity = {},
): Promise<void> {
  const unreachable = (reason: string): VigilError =>
    new VigilError(
      'TEMPORAL_UNREACHABLE',
      `${address}, namespace ${namespace}: ${reason}. Check that the server runs, and check TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY. To create a missing namespace: ` +
        `\`temporal operator namespace create --address ${address} -n ${namespace}\`. ` +
        'Without TEMPORAL_ADDRESS, vigil starts its own server.',
      { address, namespace, reason },
    );
  await untilAnswers(`Temporal at ${address}`, () => askNamespace(address, namespace, security), unreachable, patience);
}

async function askNamespace(address: string, namespace: string, security: TemporalSecurity): Promise<void> {
  const connection = Connection.lazy({
    address,
    ...security,
    connectTimeout: PROBE_TIMEOUT_MS,
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': RECONNECT_MS.first,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS.longest,
      'grpc.use_local_subchannel_pool': 1,
    },
  });
  try {
    await connection.ensureConnected();
    await connection.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}
