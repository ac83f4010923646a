import type { Client } from '@temporalio/client';
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
    fewest = Math.min(...(await Promise.all(setIds.map(crossed))));
  }
  return { rules, setIds };
}
