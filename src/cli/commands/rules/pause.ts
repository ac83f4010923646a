import type { ApiCommand } from '../../api-client.ts';
import { FAILED, OK, printJson } from '../../io.ts';
import { pathOf } from './one-rule.ts';

export interface TurnRequest {
  clientId: string;
  /** Default: all rules of the client. */
  ruleId?: string | undefined;
  as: 'pause' | 'resume';
  body: object;
}

interface Turned {
  changed: boolean;
  /** Of a client. */
  rules?: number;
  problems?: { ruleId: string; problem: { code: string; message: string } }[];
}

/** Pauses or resumes a rule or a client. Resolves with the exit code: failed if a rule was refused. */
export async function turn(
  { clientId, ruleId, as, body }: TurnRequest,
  { io, api, json }: ApiCommand,
): Promise<number> {
  const path = ruleId === undefined ? ['clients', clientId] : pathOf({ clientId, ruleId });
  const answer = await api.request('POST', [...path, as], body);
  const { changed, rules, problems = [] } = answer.body as Turned;
  if (json) printJson(io, answer.body);
  else {
    const what = ruleId === undefined ? clientId : `${clientId}/${ruleId}`;
    const count = rules === undefined ? '' : ` (${rules} rules)`;
    const done = as === 'pause' ? 'paused' : 'resumed';
    io.stdout.write(
      `${what} ${changed ? `${done}${count}` : as === 'pause' ? 'is paused already' : 'is not paused'}\n`,
    );
  }
  for (const { ruleId: refused, problem } of json ? [] : problems)
    io.stderr.write(`vigil: ${clientId}/${refused}: ${problem.code}: ${problem.message}\n`);
  return problems.length > 0 ? FAILED : OK;
}
