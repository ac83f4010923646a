import { explain } from '../../src/core/explain/explain.ts';
import type { FakeVigil } from '../api/fakes/fake-ports.ts';
import { driver } from '../support/evaluation/driver.ts';
import { ALL_STOPPED_RULE } from './console-host.ts';

/** The partition set of client-01's rule with so many partitions. */
export function manyPartitions(vigil: FakeVigil, count: number): void {
  const { clientId, id: ruleId } = ALL_STOPPED_RULE;
  const workflowId = `${clientId}/rules/${ruleId}/type=status&machineId=*`;
  vigil.sets.push({ clientId, ruleId, workflowId, status: 'inactive' });
  const set = driver(ALL_STOPPED_RULE).set();
  vigil.running.set(workflowId, (request) => explain(set, request));
  const names = Array.from({ length: count }, (_, index) => `m${String(index).padStart(5, '0')}`);
  vigil.listing.set(workflowId, ({ limit, after }) => {
    const from = after === undefined ? 0 : names.indexOf(after.key) + 1;
    const partitions = names.slice(from, from + limit).map((machineId) => ({
      place: { rank: null, key: machineId },
      listed: {
        ...({ partition: { machineId }, state: 'live', lastEvent: null, value: 'running', satisfies: 'no' } as const),
        ...{ severity: null, alert: null, since: null, next: null },
      },
    }));
    return { partitions, hasMore: from + limit < count };
  });
}
