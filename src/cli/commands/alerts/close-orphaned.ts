import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { textTable } from '../../output/text-table.ts';
import type { OrphanReason } from '../../../core/read-model/close-alert.ts';

export interface CloseRequest {
  clientId: string;
  dryRun: boolean;
}

interface Closed {
  id: string;
  ruleId: string;
  partitionSetId: string;
  why: OrphanReason;
}

const WHY: Record<OrphanReason, string> = {
  noPartitionSet: 'its partition set is gone',
  begunAnew: 'its partition set has begun anew',
};

/** Closes the alerts of a client that nothing decides any more, or lists them. */
export async function closeOrphaned(
  { clientId, dryRun }: CloseRequest,
  { io, api, json, user }: ApiCommand,
): Promise<void> {
  const found: Closed[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { by: user, dryRun, ...(cursor !== undefined && { cursor }) };
    const { body } = await api.request('POST', ['clients', clientId, 'alerts', 'close-orphaned'], asked);
    const page = body as { alerts: Closed[]; next: string | null };
    found.push(...page.alerts);
    cursor = page.next;
  }
  if (json) {
    printJson(io, found);
    return;
  }
  if (found.length === 0) {
    io.stdout.write('Every open alert has a partition set that decides it.\n');
    return;
  }
  const rows = found.map(({ id, ruleId, why }) => [id, ruleId, WHY[why]]);
  io.stdout.write(textTable([['ALERT', 'RULE', dryRun ? 'WOULD BE CLOSED: WHY' : 'CLOSED: WHY'], ...rows]));
}
