import { join } from 'node:path';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { VigilError } from '../core/primitives/errors.ts';
import { serverFiles, type LocalServer } from './local-server.ts';
import { TEMPORAL } from './binaries/pins.ts';
import { LOCAL_HOST } from './ports.ts';
import { untilAnswers, type Patience } from './until-answers.ts';

const PROBE_TIMEOUT_MS = 2_000;
/** gRPC's own first retry comes after a second: too slow for a server that starts in a fifth of it. */
const RECONNECT_MS = { first: 50, longest: 500 };

/** TLS and key, where the server wants them. */
export type TemporalSecurity = Pick<ConnectionOptions, 'tls' | 'apiKey'>;

export interface TemporalSettings {
  dataDir: string;
  namespace: string;
  port: number;
  /** 0: without the UI. */
  uiPort: number;
}

/** Temporal's development server, its data in SQLite. */
export function localTemporal({ dataDir, namespace, port, uiPort }: TemporalSettings): LocalServer {
  const database = join(dataDir, 'temporal.db');
  const ui = uiPort === 0 ? ['--headless'] : ['--ui-port', String(uiPort)];
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
      ...['server', 'start-dev', '--ip', LOCAL_HOST, '--port', String(port), ...ui],
      // `default` is always there.
      ...(namespace === 'default' ? [] : ['--namespace', namespace]),
      ...['--db-filename', database],
      // About 3 times the signals a second; survives kill -9, may lose the last moments when the power fails.
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
      `${address}, namespace ${namespace}: ${reason}. Is the server up, and TEMPORAL_ADDRESS right, and does it want TEMPORAL_TLS or TEMPORAL_API_KEY? A missing namespace: ` +
        `\`temporal operator namespace create --address ${address} -n ${namespace}\`. ` +
        'Without TEMPORAL_ADDRESS, vigil starts a server of its own.',
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
