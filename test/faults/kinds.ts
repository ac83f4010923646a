import type { Client } from '@temporalio/client';
import { DiscardPolicy, type NatsConnection } from 'nats';
import { expect, vi } from 'vitest';
import { RULE_SET_WORKFLOW, RULE_SHARD_WORKFLOW } from '../../workflows/messages.ts';
import { clientOfPartitionSet } from '../../src/core/model/ids.ts';
import { ALERTS_STREAM, alertSubject } from '../../src/nats/connection/topology.ts';
import type { Cluster } from './cluster.ts';
import type { FaultKind } from './plan.ts';

/** Long enough for a server with a concurrent fault. */
const AGAIN = { timeout: 60_000, interval: 200 };
const NO_LIMIT = { max_msgs: -1, discard: DiscardPolicy.Old };
const [REQUESTS, ANSWERS] = ['requests to Temporal', 'answers of Temporal'] as const;
const [SHARD, COORDINATOR, PLAIN_SET] = ['a shard', 'a coordinator', 'a plain set'] as const;

/** Observer of a cluster: direct connections to the servers, and the clients whose alerts are compared. */
export interface Outside {
  nats: NatsConnection;
  temporal: Client;
  clientIds: readonly string[];
}

/** All kinds of faults for this cluster. */
export function faultKinds({ servers, nodes, disks, wayToTemporal }: Cluster, outside: Outside): FaultKind[] {
  const { nats } = outside;
  const processes = { Temporal: servers.temporal, NATS: servers.nats, ...nodes };
  return [
    {
      name: 'kill',
      victims: Object.keys(processes),
      // Restarted soon, like by an orchestrator.
      forMs: [0, 3_000],
      inject: (victim) => named(processes, victim).kill(),
      recover: (victim) => named(processes, victim).restart(),
    },
    {
      name: 'pause',
      victims: Object.keys(processes),
      // Often longer than a lease, so that it resumes as a zombie.
      forMs: [500, 9_000],
      inject: async (victim) => named(processes, victim).pause(),
      recover: async (victim) => named(processes, victim).resume(),
    },
    {
      name: 'full-disk',
      victims: Object.keys(disks),
      forMs: [1_000, 9_000],
      inject: (victim) => named(disks, victim).fill(),
      async recover(victim) {
        await named(disks, victim).free();
        // After a failed write, a stream accepts nothing until a restart; Temporal recovers by itself.
        if (victim === 'NATS') await servers.nats.restart();
      },
    },
    {
      name: 'full-alerts',
      // Not while its disk is full: NATS would confirm the change without applying it.
      victims: ['NATS'],
      forMs: [1_000, 9_000],
      async inject() {
        await limitAlerts(nats, { max_msgs: 1, discard: DiscardPolicy.New });
        const probe = (): Promise<unknown> => nats.jetstream().publish(alertSubject('nobody', 'probe'));
        await vi.waitFor(
          () => expect(probe()).rejects.toMatchObject({ api_error: { description: 'maximum messages exceeded' } }),
          AGAIN,
        );
      },
      recover: () => limitAlerts(nats, NO_LIMIT),
    },
    {
      name: 'slow-temporal',
      victims: [REQUESTS, ANSWERS],
      forMs: [1_000, 9_000],
      inject: async (victim) => wayToTemporal.hold(victim === REQUESTS ? 'requests' : 'answers'),
      recover: async (victim) => wayToTemporal.release(victim === REQUESTS ? 'requests' : 'answers'),
    },
    {
      name: 'terminate',
      victims: [SHARD, COORDINATOR, PLAIN_SET],
      forMs: [0, 0],
      inject: async (victim, chance, log) => log(await vi.waitFor(() => terminate(outside, victim, chance), AGAIN)),
      // vigil must recover by itself.
      recover: async () => undefined,
    },
  ];
}

function named<T>(all: Record<string, T>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new Error(`unknown name ${name}`);
  return found;
}

async function limitAlerts(nats: NatsConnection, limit: { max_msgs: number; discard: DiscardPolicy }): Promise<void> {
  await vi.waitFor(async () => (await nats.jetstreamManager()).streams.update(ALERTS_STREAM, limit), AGAIN);
}

/** Terminates a running workflow of this kind. Resolves with its id. */
async function terminate({ temporal, clientIds }: Outside, sort: string, chance: number): Promise<string> {
  const running = (type: string): Promise<string[]> => runningOf(temporal, type, clientIds);
  const shards = await running(RULE_SHARD_WORKFLOW);
  const coordinators = new Set(shards.map((id) => id.slice(0, id.lastIndexOf('/'))));
  const sets = await running(RULE_SET_WORKFLOW);
  const candidates = sort === SHARD ? shards : sets.filter((id) => coordinators.has(id) === (sort === COORDINATOR));
  const id = candidates.sort()[Math.floor(chance * candidates.length)];
  if (id === undefined) throw new Error(`${sort}: none is running`);
  await temporal.workflow.getHandle(id).terminate('a fault that a test injects');
  return id;
}

async function runningOf(temporal: Client, type: string, clientIds: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({
    query: `WorkflowType='${type}' AND ExecutionStatus='Running'`,
  }))
    ids.push(workflowId);
  return ids.filter((id) => clientIds.includes(clientOfPartitionSet(id)));
}
