import { useLocation } from 'preact-iso';
import { useRefresh } from '../../../app/loading/use-refresh.ts';
import { useResource } from '../../../app/loading/use-resource.ts';
import { queryOf, withQuery, type RuleAddress } from '../../addresses.ts';
import { getExplanation, getSet } from '../../requests.ts';
import type { PartitionSet } from '../../types.ts';
import { ExplanationPanel } from './explanation-panel.tsx';
import { PartitionFilter } from './partition-filter.tsx';
import { PartitionGrid } from './partition-grid.tsx';
import { partitionQuery } from './partition-query.ts';
import { keyText } from '../rule-status.ts';
import { usePartitions } from './use-partitions.ts';

/** A question to a workflow costs it a task, so it is not asked after each event. */
const REFRESH = { pauseMs: 1_000, pollMs: 5_000 };

interface Props {
  rule: RuleAddress;
  set: PartitionSet;
  isGrouped: boolean;
}

/** The partitions of a set, and in words why it fires or not; or why one of them does. */
export function OneSet({ rule, set, isGrouped }: Props) {
  const { url, route } = useLocation();
  const chosen = queryOf(url).get('partition');
  // Of a rule without groups, vigil also says which of the newest events reach it.
  const whole = useResource(() => (isGrouped ? getSet(rule, set.id) : getExplanation(rule, '')), []);
  const group = whole.value?.group;
  const part = useResource(async () => {
    if (chosen === null || group === undefined) return null;
    return getExplanation(rule, query({ partition: chosen, ...(isGrouped && { group: JSON.stringify(group) }) }));
  }, [chosen, group === undefined]);
  const partitions = usePartitions(rule, set.id, partitionQuery(url));
  const refresh = (): void => {
    whole.reload();
    part.reload();
    partitions.refresh();
  };
  useRefresh(refresh, {
    ...REFRESH,
    when: (message) => (message.kind === 'event' ? message.clientId : message.alert.data.clientId) === rule.clientId,
  });
  const choose = (key: string | null): void => route(withQuery(url, { partition: key }), true);
  return (
    <div class="one-set-detail">
      <div class="partitions">
        <PartitionFilter />
        <PartitionGrid partitions={partitions} chosen={chosen} onChoose={choose} />
      </div>
      {chosen === null ? (
        <ExplanationPanel key="whole" title="The whole set" found={whole} />
      ) : (
        <ExplanationPanel key={chosen} title={titleOf(chosen)} found={part} onClose={() => choose(null)} />
      )}
    </div>
  );
}

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

/** The address can have anything. */
function titleOf(key: string): string {
  try {
    return keyText(JSON.parse(key) as Record<string, unknown>) || 'The one partition';
  } catch {
    return key;
  }
}
