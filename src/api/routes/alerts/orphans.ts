import { partitionSetIds } from '../../../core/model/partition-set/partition-set-ids.ts';
import type { AlertRecord } from '../../../core/read-model/alert-record.ts';
import { episodeOfRecord, type OrphanReason } from '../../../core/read-model/close-alert.ts';
import type { ApiDeps } from '../../ports.ts';
import { inBatches } from '../../requests/many-at-once.ts';

/** Partition sets that are asked at the same time. */
const AT_ONCE = 10;

interface Listed {
  id: string;
  record: AlertRecord;
}

/** Those of the open alerts of a client that no workflow decides, and that none will. */
export async function orphansAmong<Alert extends Listed>(
  { rules, sets }: Pick<ApiDeps, 'rules' | 'sets'>,
  clientId: string,
  alerts: readonly Alert[],
): Promise<(Alert & { why: OrphanReason })[]> {
  const current = new Map((await rules.list(clientId)).map(({ rule }) => [rule.id, rule]));
  const setIds = [...new Set(alerts.map(({ record }) => record.partitionSetId))];
  const found = await inBatches(setIds, AT_ONCE, (setId) => sets.explain(setId, {}));
  const running = new Map(setIds.map((setId, index) => [setId, found[index] ?? null]));

  function whyOrphaned(record: AlertRecord): OrphanReason | null {
    const { ruleId, partitionSetId } = record;
    const { generation } = episodeOfRecord(record);
    // Not from a partition set.
    if (generation === null) return null;
    const set = running.get(partitionSetId) ?? null;
    if (set === null) {
      const rule = current.get(ruleId);
      // Of a rule that has it, vigil starts it again: with the next event of its group, or within a minute.
      const mayRun = rule !== undefined && rule.enabled !== false && partitionSetIds(rule).owns(partitionSetId);
      return mayRun ? null : 'noPartitionSet';
    }
    const isOther = set.generation !== undefined && set.generation !== generation;
    return isOther && set.rebuilding === undefined ? 'begunAnew' : null;
  }
  return alerts.flatMap((alert) => {
    const why = whyOrphaned(alert.record);
    return why === null ? [] : [{ ...alert, why }];
  });
}
