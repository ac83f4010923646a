import type { Client } from '@temporalio/client';
import { vi } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { loadEvents, loadRules, sendLoad } from './load.ts';
import type { NatsUser } from '../nats/nats-user.ts';
import type { RuleApi } from '../vigil/rule-api.ts';

export interface Crossing {
  vigil: RuleApi;
  user: NatsUser;
  temporal: Client;
  clients: readonly string[];
  seed: number;
  eventsAtATime: number;
  /** Minimum number of continue-as-new of every set without groups. */
  runs: number;
}

const MOST_UNREAD = 500;
const WITHIN = { timeout: 120_000, interval: 50 };

/**
 * Creates the load's rules and sends the load until all sets have crossed enough runs. Resolves with the rules and set
 * ids.
 */
export async function crossRuns({
  vigil,
  user,
  temporal,
  clients,
  seed,
  eventsAtATime,
  runs,
}: Crossing): Promise<{ rules: StoredRule[]; setIds: string[] }> {
  const load = loadEvents(seed, clients);
  const rules: StoredRule[] = [];
  for (const rule of clients.flatMap(loadRules)) rules.push(await vigil.put(rule));
  const setIds = rules.filter(({ rule }) => rule.groupBy === undefined).map(({ rule }) => compileRule(rule).ids.of([]));
  const crossed = async (setId: string): Promise<number> =>
    (await temporal.workflow.count(`WorkflowId='${setId}' AND ExecutionStatus='ContinuedAsNew'`)).count;

  let fewest = 0;
  while (fewest < runs) {
    await sendLoad(user, load, eventsAtATime);
    // A sender that is faster than the machine would leave more and more to wait for.
    await vi.waitUntil(async () => (await unreadEvents(user)) <= MOST_UNREAD, WITHIN);
    fewest = Math.min(...(await Promise.all(setIds.map(crossed))));
  }
  return { rules, setIds };
}

/** Events that vigil has not read. It reads no further than it has room for. */
async function unreadEvents({ connection }: NatsUser): Promise<number> {
  const manager = await connection.jetstreamManager();
  const consumers = await manager.consumers.list('EVENTS').next();
  return Math.max(0, ...consumers.map(({ num_pending: pending }) => pending));
}
