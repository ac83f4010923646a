import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'nats';
import { VigilError } from '../core/primitives/errors.ts';
import { parseNatsUrl, withoutPassword, type NatsAddress } from '../core/primitives/nats-address.ts';
import { serverFiles, type LocalServer } from './local-server.ts';
import { hearGreeting } from './nats-greeting.ts';
import { NATS_SERVER } from './binaries/pins.ts';
import { LOCAL_HOST } from './ports.ts';
import { untilAnswers, type Patience } from './until-answers.ts';

/** What a connection to NATS needs beside its URL. */
export type ConnectionSecurity = Pick<ConnectionOptions, 'authenticator' | 'tls'>;

const PROBE_TIMEOUT_MS = 2_000;

export interface NatsSettings {
  dataDir: string;
  port: number;
  /** Without it, the server does not speak MQTT. */
  mqttPort?: number | undefined;
  /** For a server that requires credentials: its URL with them. */
  url?: string;
}

/** A NATS server with JetStream and file storage. Its name is unique: another server may take the port first. */
export function localNats({
  dataDir,
  port,
  mqttPort,
  url = `nats://${LOCAL_HOST}:${port}`,
}: NatsSettings): LocalServer {
  const config = join(dataDir, 'nats.conf');
  const serverName = `vigil-${randomUUID()}`;
  return {
    name: 'NATS',
    pin: NATS_SERVER,
    dataDir,
    ports: [
      { port, setting: 'NATS_PORT' },
      ...(mqttPort === undefined ? [] : [{ port: mqttPort, setting: 'NATS_MQTT_PORT' }]),
    ],
    ...serverFiles(dataDir, 'nats'),
    entries: ['nats', 'nats.conf', 'nats.log', 'nats.pid'],
    args: ['--config', config],
    mark: config,
    prepare: () => writeFile(config, configText({ port, mqttPort, serverName, storeDir: join(dataDir, 'nats') })),
    ready: (patience) => awaitNats(url, patience, { serverName }),
  };
}

interface ConfigValues extends Pick<NatsSettings, 'port' | 'mqttPort'> {
  serverName: string;
  storeDir: string;
}

/** Syncs every second instead of the default 2 minutes, to lose less on a power failure; the cost is not measurable. */
function configText({ port, mqttPort, serverName, storeDir }: ConfigValues): string {
  const mqtt = mqttPort === undefined ? '' : `mqtt { listen: "${LOCAL_HOST}:${mqttPort}" }\n`;
  return `# Written by vigil at every start.
listen: "${LOCAL_HOST}:${port}"
server_name: "${serverName}"
max_payload: 1MB
jetstream {
  store_dir: ${JSON.stringify(storeDir)}
  sync_interval: "1s"
}
${mqtt}`;
}

/**
 * Waits until NATS answers and JetStream is enabled, optionally only the server with this name.
 * @throws VigilError NATS_UNREACHABLE, CONFIG_INVALID
 */
export async function awaitNats(
  url: string,
  patience: Patience,
  { serverName, security = {} }: { serverName?: string; security?: ConnectionSecurity } = {},
): Promise<void> {
  const shown = withoutPassword(url);
  const unreachable = (reason: string): VigilError =>
    new VigilError(
      'NATS_UNREACHABLE',
      `${shown}: ${reason}. Check that the server runs with JetStream (\`nats-server -js\`), and check NATS_URL and its credentials. ` +
        'Without NATS_URL, vigil starts its own server.',
      { url: shown, reason },
    );
  const address = parseNatsUrl(url);
  await untilAnswers(`NATS at ${shown}`, () => askJetStream(address, security, serverName), unreachable, patience);
}

async function askJetStream(
  { servers: all, login, tls }: NatsAddress,
  security: ConnectionSecurity,
  serverName?: string,
): Promise<void> {
  const greeted = await Promise.allSettled(all.map((server) => hearGreeting(server, PROBE_TIMEOUT_MS)));
  const servers = all.filter((_server, place) => greeted[place]?.status === 'fulfilled');
  const missed = greeted.find((greeting) => greeting.status === 'rejected');
  if (servers.length === 0 && missed !== undefined) throw missed.reason;
  const connection = await connect({
    servers,
    ...login,
    ...security,
    ...(tls && { tls: security.tls ?? {} }),
    timeout: PROBE_TIMEOUT_MS,
    reconnect: false,
  });
  try {
    if (serverName !== undefined && connection.info?.server_name !== serverName)
      throw new Error(`another NATS server answers: ${connection.info?.server_name}`);
    const manager = await connection.jetstreamManager({ timeout: PROBE_TIMEOUT_MS });
    await manager.getAccountInfo();
  } finally {
    await connection.close();
  }
}
