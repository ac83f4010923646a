import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiCommand } from '../../api-client.ts';
import { FAILED, OK, printJson, type CliIo } from '../../io.ts';
import { everyPage } from '../../pages.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';

export interface ResetOptions {
  clientId: string;
  /** Default: all rules of the client. */
  ruleId?: string | undefined;
  /** `clean`, a time or a duration before now. */
  to: string;
  by?: string | undefined;
  dryRun: boolean;
}

interface ResetSet {
  id: string;
  workflowId: string;
  status: string;
  /** With a time: where the workflow begins again. */
  from?: { runId: string; eventId: string; at: string; events: number };
  problem?: { code: string; message: string };
}
type Begun = RuleAddress & ResetSet;

const ASK_EVERY_MS = 500;

/**
 * Rebuilds the partition sets of a rule, or of all rules of a client, from the event stream, and waits until that is
 * done. Resolves with the exit code: failed if one was refused.
 */
export async function resetSets(request: ResetOptions, command: ApiCommand): Promise<number> {
  const { io, api, json, user } = command;
  const { clientId, to, dryRun, by = user } = request;
  const ruleIds = request.ruleId === undefined ? await rulesOf(clientId, api) : [request.ruleId];
  const sets: Begun[] = [];
  for (const ruleId of ruleIds) {
    const { body } = await api.request('POST', [...pathOf({ clientId, ruleId }), 'reset'], { by, to, dryRun });
    sets.push(...(body as { partitionSets: ResetSet[] }).partitionSets.map((set) => ({ clientId, ruleId, ...set })));
  }
  const refused = sets.filter(({ problem }) => problem !== undefined);
  const begun = sets.filter(({ problem }) => problem === undefined);
  if (!dryRun) await untilRebuilt(begun, command);
  if (json) printJson(io, sets);
  else print(sets, dryRun, io);
  return refused.length > 0 ? FAILED : OK;
}

async function rulesOf(clientId: string, api: ApiCommand['api']): Promise<string[]> {
  const pages = await everyPage<{ rules: { rule: { id: string } }[] }>(api, ['clients', clientId, 'rules']);
  return pages.flatMap(({ rules }) => rules.map(({ rule }) => rule.id));
}

/** Asks each partition set until it is rebuilt. */
async function untilRebuilt(sets: readonly Begun[], { io, api, json }: ApiCommand): Promise<void> {
  let done = 0;
  for (const set of sets) {
    while (await isRebuilding(set, api)) await sleep(ASK_EVERY_MS);
    done += 1;
    if (!json) io.stderr.write(`${done} of ${sets.length} partition sets are rebuilt\n`);
  }
}

async function isRebuilding({ id, ...address }: Begun, api: ApiCommand['api']): Promise<boolean> {
  const { body } = await api.request('GET', [...pathOf(address), 'partition-sets', id]);
  return (body as { explanation: { rebuilding?: object } }).explanation.rebuilding !== undefined;
}

function print(sets: readonly Begun[], dryRun: boolean, io: CliIo): void {
  for (const { workflowId, problem, from } of sets) {
    const what = dryRun ? 'would be reset' : 'reset';
    const where =
      from === undefined
        ? ''
        : ` to ${from.at} (event ${from.eventId} of run ${from.runId}), and ${dryRun ? 'read' : 'reads'} ${from.events} events again`;
    if (problem !== undefined) io.stderr.write(`vigil: ${workflowId}: ${problem.code}: ${problem.message}\n`);
    else io.stdout.write(`${workflowId}  ${what}${where}\n`);
  }
  if (sets.length === 0) io.stdout.write('No partition set runs.\n');
  else if (!dryRun) io.stdout.write('If something differs, it was published with the reason "reset".\n');
}
