import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../support/servers/free-ports.ts';
import { startTestServers, type TestServers } from '../support/servers/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/servers/tcp-proxy.ts';
import {
  composeEnvironment,
  startVigilProcess,
  type Bounds,
  type VigilProcess,
} from '../support/vigil/vigil-process.ts';
import { mountDisk, type Disk } from './disk.ts';

/** A process that can crash or hang and be restarted. */
export interface Victim {
  kill(): Promise<void>;
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
}

export interface Cluster {
  /** The servers, for observers that bypass the proxy. */
  servers: TestServers;
  /** By name: two subscribers, two workers. */
  nodes: Record<string, Victim>;
  /** Disks of the servers, by name; empty if this user cannot mount any. */
  disks: Record<string, Disk>;
  /** Between all of vigil and Temporal. */
  wayToTemporal: TcpProxy;
  /** URL of the API. */
  url: string;
  /** Output of all processes, including killed ones. */
  output(): string;
  /** Shuts down vigil; the servers keep running. Resolves with the output of each process during its shutdown. */
  stopVigil(): Promise<string[]>;
  stop(): Promise<void>;
}

const SUBSCRIBERS = ['subscriber 1', 'subscriber 2'];
const WORKERS = ['worker 1', 'worker 2'];
/** Lines of output to print for a process that exited unexpectedly. */
const LAST_WORDS = 30;

/** Temporal, NATS, two subscribers, two workers and an API, each in a separate process, on free ports. */
export async function startCluster(log: (line: string) => void, bounds: Bounds): Promise<Cluster> {
  const disks = await mountDisks(log);
  const servers = await startTestServers({ NATS: disks['NATS']?.folder, Temporal: disks['Temporal']?.folder });
  const wayToTemporal = await startTcpProxy(servers.temporalAddress);
  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-faults-'));
  const ports = await freePorts(5);
  const start = (name: string, parts: string, port: number | undefined): Node =>
    startNode(
      name,
      {
        ...composeEnvironment({
          natsUrl: servers.natsUrl,
          temporalAddress: wayToTemporal.address,
          port: port ?? 0,
          dataDir,
        }),
        VIGIL_PARTS: parts,
      },
      bounds,
      log,
    );
  const nodes = Object.fromEntries(
    [...SUBSCRIBERS, ...WORKERS].map((name, index) => [name, start(name, name.replace(/ \d/, ''), ports[index])]),
  );
  const api = start('API', 'alerts', ports[4]);
  const all = [...Object.values(nodes), api];
  const stopVigil = (): Promise<string[]> => Promise.all(all.map((node) => node.stop()));
  const stop = async (): Promise<void> => {
    await stopVigil();
    await wayToTemporal.stop();
    await servers.stop();
    for (const disk of Object.values(disks)) await disk.remove();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await Promise.all(all.map((node) => node.healthy()));
  } catch (error) {
    // Nobody else can: the caller gets no cluster.
    await stop();
    throw error;
  }
  return {
    servers,
    nodes,
    disks,
    wayToTemporal,
    url: api.url,
    output: () => all.map((node) => node.output()).join('\n'),
    stopVigil,
    stop,
  };
}

async function mountDisks(log: (line: string) => void): Promise<Record<string, Disk>> {
  try {
    return { NATS: await mountDisk(), Temporal: await mountDisk() };
  } catch (error) {
    log(`SKIPPED: no full-disk faults, because no disk can be mounted: ${String(error)}`);
    return {};
  }
}

interface Node extends Victim {
  url: string;
  healthy(): Promise<void>;
  output(): string;
  /** Resolves with the output during the shutdown. */
  stop(): Promise<string>;
}

/** A process that is restarted when it exits, like with an orchestrator: vigil exits if it cannot start. */
function startNode(name: string, env: Record<string, string>, bounds: Bounds, log: (line: string) => void): Node {
  const earlier: string[] = [];
  let isWanted = true;
  let node = start();
  function start(): VigilProcess {
    const started = startVigilProcess(env, bounds);
    void started.ended.then((code) => {
      if (!isWanted || node !== started) return;
      log(
        `${name} exited unexpectedly with code ${code}: ${started.output().trimEnd().split('\n').slice(-LAST_WORDS).join('\n')}`,
      );
      again();
    });
    return started;
  }
  function again(): void {
    earlier.push(node.output());
    isWanted = true;
    node = start();
  }
  const end = async (how: 'kill' | 'stop'): Promise<void> => {
    isWanted = false;
    await node[how]();
  };
  return {
    url: node.url,
    healthy: () => node.healthy(),
    output: () => [...earlier, node.output()].join('\n'),
    kill: () => end('kill'),
    async stop() {
      const before = node.output().length;
      await end('stop');
      return node.output().slice(before);
    },
    pause: () => node.pause(),
    resume: () => node.resume(),
    restart() {
      again();
      return Promise.resolve();
    },
  };
}
