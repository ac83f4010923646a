import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { connectAsync } from 'mqtt';
import { connect } from 'nats';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { VigilError } from '../../src/core/primitives/errors.ts';
import { findBinary } from '../../src/dev-servers/binaries/find-binary.ts';
import { localNats } from '../../src/dev-servers/nats.ts';
import { formatPidFile, readPidFile } from '../../src/dev-servers/processes/pid-file.ts';
import { hostPlatform, NATS_SERVER, TEMPORAL } from '../../src/dev-servers/binaries/pins.ts';
import { processEntry } from '../../src/dev-servers/processes/process-table.ts';
import { ensureServers, type Servers, type ServersOptions } from '../../src/dev-servers/servers.ts';
import { freePorts } from '../support/servers/free-ports.ts';

const findContext = {
  env: process.env,
  platform: hostPlatform(),
  progress: (): void => {},
  signal: new AbortController().signal,
};

let dataDir: string;
let base: ServersOptions;
let lines: string[];
let died: VigilError[];
let started: Servers[];

/** Building them first can take minutes. */
beforeAll(async () => {
  for (const pin of [TEMPORAL, NATS_SERVER]) await findBinary(pin, findContext);
});

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-servers-test-'));
  const [temporalPort = 0, temporalUiPort = 0, natsPort = 0, natsMqttPort = 0] = await freePorts(4);
  lines = [];
  died = [];
  started = [];
  base = {
    ...{ namespace: 'default', dataDir, temporalPort, temporalUiPort, natsPort, natsMqttPort, fresh: false },
    progress: (line) => lines.push(line),
    onDied: (error) => died.push(error),
  };
});

afterEach(async () => {
  for (const servers of started) await servers.stop();
  await rm(dataDir, { recursive: true });
});

async function start(changes: Partial<ServersOptions> = {}): Promise<Servers> {
  const servers = await ensureServers({ ...base, ...changes });
  started.push(servers);
  return servers;
}

async function pidOf(server: 'temporal' | 'nats'): Promise<number> {
  return (await readPidFile(join(dataDir, `${server}.pid`)))?.pid ?? 0;
}

/** All processes with the test's data directory on their command line. */
async function processesLeft(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-A', '-o', 'command=']);
  return stdout.split('\n').filter((line) => line.includes(dataDir));
}

async function publishInto(natsUrl: string, stream: string): Promise<void> {
  const connection = await connect({ servers: natsUrl });
  await (await connection.jetstreamManager()).streams.add({ name: stream, subjects: [`${stream}.>`] });
  await connection.jetstream().publish(`${stream}.a`, 'kept');
  await connection.close();
}

async function streamNames(natsUrl: string): Promise<string[]> {
  const connection = await connect({ servers: natsUrl });
  const streams = await (await connection.jetstreamManager()).streams.list().next();
  await connection.close();
  return streams.map(({ config }) => config.name);
}

async function withClient<T>(
  { temporalAddress }: Servers,
  namespace: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    return await use(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

const startWorkflow = (servers: Servers, workflowId: string, namespace = 'default'): Promise<unknown> =>
  withClient(servers, namespace, (client) => client.workflow.start('any', { taskQueue: 'none', workflowId }));

const workflowStatus = (servers: Servers, workflowId: string): Promise<string> =>
  withClient(
    servers,
    'default',
    async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name,
  );

describe('starting', () => {
  test('both servers accept work in the namespace, and the UI answers', async () => {
    const servers = await start({ namespace: 'plant-7' });

    await startWorkflow(servers, 'first', 'plant-7');
    await publishInto(servers.natsUrl, 'orders');
    const ui = await fetch(servers.temporalUiUrl ?? '');

    expect(ui.status).toBe(200);
    expect(servers).toMatchObject({
      temporalAddress: `127.0.0.1:${base.temporalPort}`,
      natsUrl: `nats://127.0.0.1:${base.natsPort}`,
    });
  });

  test('NATS takes MQTT 3.1.1 on its port', async () => {
    const { natsUrl } = await start();
    const nats = await connect({ servers: natsUrl });
    const [got] = [nats.subscribe('events.client-01.motor.temperature', { max: 1 })];
    await nats.flush();
    const device = await connectAsync(`mqtt://127.0.0.1:${base.natsMqttPort}`, { protocolVersion: 4 });
    await device.publishAsync('events/client-01/motor/temperature', '{"celsius":85}', { qos: 1 });
    for await (const message of got) expect(message.json()).toEqual({ celsius: 85 });
    await Promise.all([device.endAsync(), nats.close()]);
  });

  test('without a port for MQTT, NATS does not take it', async () => {
    await start({ natsMqttPort: undefined });
    await expect(connectAsync(`mqtt://127.0.0.1:${base.natsMqttPort}`, { reconnectPeriod: 0 })).rejects.toThrow(
      'ECONNREFUSED',
    );
  });

  test('stop leaves no process and no pid file', async () => {
    const servers = await start();
    expect(await processesLeft()).toHaveLength(2);

    await servers.stop();

    expect(await processesLeft()).toEqual([]);
    expect((await readdir(dataDir)).filter((name) => name.endsWith('.pid'))).toEqual([]);
    expect(died).toEqual([]);
  });

  test('data is kept across restarts and cleared with fresh; other files stay', async () => {
    const first = await start();
    await startWorkflow(first, 'kept');
    await publishInto(first.natsUrl, 'orders');
    await writeFile(join(dataDir, 'notes.txt'), 'mine');
    await first.stop();

    const second = await start();
    expect(await workflowStatus(second, 'kept')).toBe('RUNNING');
    expect(await streamNames(second.natsUrl)).toEqual(['orders']);
    await second.stop();

    const third = await start({ fresh: true });
    await expect(workflowStatus(third, 'kept')).rejects.toThrow(/not found/);
    expect(await streamNames(third.natsUrl)).toEqual([]);
    expect(await readFile(join(dataDir, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('an abort during the start leaves nothing', async () => {
    const giveUp = new AbortController();
    const reason = new Error('Ctrl-C');

    const starting = start({ signal: giveUp.signal });
    await vi.waitFor(async () => expect(await pidOf('temporal')).not.toBe(0), { timeout: 10_000, interval: 5 });
    giveUp.abort(reason);

    await expect(starting).rejects.toBe(reason);
    expect(await processesLeft()).toEqual([]);
  });
});

describe('running servers', () => {
  test('are used if their addresses are given, and stop() does not stop them', async () => {
    const { temporalAddress, natsUrl } = await start();

    const second = await start({ temporalAddress, natsUrl });
    expect(second).toMatchObject({ temporalAddress, natsUrl, temporalUiUrl: null });
    await second.stop();

    expect(await processesLeft()).toHaveLength(2);
  });

  test.each([
    ['TEMPORAL_UNREACHABLE', 'temporal', 'TEMPORAL_ADDRESS'],
    ['NATS_UNREACHABLE', 'nats', 'NATS_URL'],
  ])('%s: the error names the setting, and started servers are stopped', async (code, which, setting) => {
    const given =
      which === 'nats'
        ? { natsUrl: `nats://127.0.0.1:${base.natsPort}` }
        : { temporalAddress: `127.0.0.1:${base.temporalPort}` };

    const ensuring = ensureServers({ ...base, ...given }, { env: process.env, reachableWithinMs: 500 });

    await expect(ensuring).rejects.toMatchObject({ code });
    await expect(ensuring).rejects.toThrow(setting);
    expect(await processesLeft()).toEqual([]);
  });

  test('the error for a missing namespace has the command to create it', async () => {
    const { temporalAddress, natsUrl } = await start();

    const ensuring = ensureServers(
      { ...base, temporalAddress, natsUrl, namespace: 'nowhere' },
      { env: process.env, reachableWithinMs: 500 },
    );

    await expect(ensuring).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
    await expect(ensuring).rejects.toThrow(/namespace create .*-n nowhere/);
  });
});

describe('errors', () => {
  test.each([
    ['temporalPort', 'TEMPORAL_PORT'],
    ['temporalUiPort', 'TEMPORAL_UI_PORT'],
    ['natsPort', 'NATS_PORT'],
    ['natsMqttPort', 'NATS_MQTT_PORT'],
  ] as const)('a %s in use is named with its setting', async (option, setting) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(base[option], '127.0.0.1', resolve));

    await expect(start()).rejects.toMatchObject({ code: 'PORT_TAKEN', fields: { port: base[option], setting } });

    await new Promise((resolve) => other.close(resolve));
  });

  test('a server that dies during the start: the error has its last log lines; the other server is stopped', async () => {
    await writeFile(join(dataDir, 'nats'), 'not a folder');

    const starting = start();

    await expect(starting).rejects.toMatchObject({
      code: 'SERVER_DIED',
      fields: { logFile: join(dataDir, 'nats.log') },
    });
    await expect(starting).rejects.toThrow(/NATS: exit code 1.*not a directory/s);
    expect(await processesLeft()).toEqual([]);
  });

  test('a server that dies later is reported once, and stop() works', async () => {
    const servers = await start();

    process.kill(await pidOf('nats'), 'SIGKILL');
    await vi.waitFor(() => expect(died).toHaveLength(1), { timeout: 5_000 });
    await servers.stop();

    expect(died).toMatchObject([{ code: 'SERVER_DIED', fields: { server: 'NATS', how: 'SIGKILL' } }]);
    expect(await processesLeft()).toEqual([]);
  });

  test('a data directory in use by another vigil is rejected, and that vigil keeps running', async () => {
    await start();
    const [temporalPort = 0, temporalUiPort = 0, natsPort = 0] = await freePorts(3);

    await expect(start({ temporalPort, temporalUiPort, natsPort, fresh: true })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      fields: { vigilPid: process.pid },
    });
    expect(await processesLeft()).toHaveLength(2);
  });

  test('a data directory that cannot be created is named', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');

    await expect(start({ dataDir: join(file, 'data') })).rejects.toThrow(/VIGIL_DATA_DIR=.*ENOTDIR/);
  });
});

describe('after a killed vigil', () => {
  /** Starts a command like vigil and exits immediately: the server stays, like after kill -9. */
  const KILLED_VIGIL = `
    const [command, ...args] = process.argv.slice(1);
    const child = require('node:child_process').spawn(command, args, { detached: true, stdio: 'ignore' });
    console.log(JSON.stringify({ pid: child.pid, vigilPid: process.pid }));
    process.exit();`;

  async function leaveRunning(command: string, args: readonly string[]): Promise<number> {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', KILLED_VIGIL, '--', command, ...args]);
    const record = JSON.parse(stdout) as { pid: number; vigilPid: number };
    await writeFile(join(dataDir, 'nats.pid'), formatPidFile(record));
    return record.pid;
  }

  test('its servers are stopped first, which frees their ports', async () => {
    const server = localNats({ dataDir, port: base.natsPort });
    await server.prepare();
    const leftover = await leaveRunning(await findBinary(NATS_SERVER, findContext), server.args);
    await server.ready({ ...findContext, withinMs: 10_000 });

    const servers = await start();

    expect(await processEntry(leftover)).toBeNull();
    expect(lines).toContain(`stopping NATS (process ${leftover}), which an earlier vigil left running`);
    expect(await streamNames(servers.natsUrl)).toEqual([]);
  });

  test('a process that reuses the pid of a server is not touched', async () => {
    const stranger = await leaveRunning(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);

    await start();

    expect(await processEntry(stranger)).not.toBeNull();
    process.kill(stranger);
  });
});
