import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../support/free-ports.ts';
import { startTestServers, type TestServers } from '../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { composeEnvironment, startVigilProcess, type Bounds, type VigilProcess } from '../support/vigil-process.ts';
import { mountDisk, type Disk } from './disk.ts';

/** A process that can crash or hang, and be started again. */
export interface Victim {
  kill(): Promise<void>;
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
}

export interface Cluster {
  /** For those who look, past the proxy. */
  servers: TestServers;
  /** By name: two subscribers, two workers. */
  nodes: Record<string, Victim>;
  /** Of the servers, by name; none where this user may not mount any. */
  disks: Record<string, Disk>;
  /** Between all of vigil and Temporal. */
  wayToTemporal: TcpProxy;
  /** Where rules are put. */
  url: string;
  /** What the processes have said, those that were killed included. */
  output(): string;
  /** Ends vigil in good order; the servers stay. Resolves with what each process said while it ended. */
  stopVigil(): Promise<string[]>;
  stop(): Promise<void>;
}

const SUBSCRIBERS = ['subscriber 1', 'subscriber 2'];
const WORKERS = ['worker 1', 'worker 2'];
/** Lines of what a process said that ended by itself. */
const LAST_WORDS = 30;

/** Temporal, NATS, two subscribers, two workers and an API, each a process of its own, on free ports. */
export async function startCluster(tell: (line: string) => void, bounds: Bounds): Promise<Cluster> {
  const disks = await mountDisks(tell);
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
      tell,
    );
  const nodes = Object.fromEntries(
    [...SUBSCRIBERS, ...WORKERS].map((name, index) => [name, start(name, name.replace(/ \d/, ''), ports[index])]),
  );
  const api = start('API', 'alerts', ports[4]);
  const all = [...Object.values(nodes), api];
  await Promise.all(all.map((node) => node.healthy()));
  const stopVigil = (): Promise<string[]> => Promise.all(all.map((node) => node.stop()));
  return {
    servers,
    nodes,
    disks,
    wayToTemporal,
    url: api.url,
    output: () => all.map((node) => node.output()).join('\n'),
    stopVigil,
    async stop() {
      await stopVigil();
      await wayToTemporal.stop();
      await servers.stop();
      for (const disk of Object.values(disks)) await disk.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function mountDisks(tell: (line: string) => void): Promise<Record<string, Disk>> {
  try {
    return { NATS: await mountDisk(), Temporal: await mountDisk() };
  } catch (error) {
    tell(`SKIPPED: no disk will be full, as none can be mounted here: ${String(error)}`);
    return {};
  }
}

interface Node extends Victim {
  url: string;
  healthy(): Promise<void>;
  output(): string;
  /** Resolves with what it said while it ended. */
  stop(): Promise<string>;
}

/** A process that is started again when it ends by itself, as an orchestrator would: vigil gives up when it cannot start. */
function startNode(name: string, env: Record<string, string>, bounds: Bounds, tell: (line: string) => void): Node {
  const earlier: string[] = [];
  let isWanted = true;
  let node = start();
  function start(): VigilProcess {
    const started = startVigilProcess(env, bounds);
    void started.ended.then((code) => {
      if (!isWanted || node !== started) return;
      tell(
        `${name} ended by itself, exit code ${code}: ${started.output().trimEnd().split('\n').slice(-LAST_WORDS).join('\n')}`,
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
