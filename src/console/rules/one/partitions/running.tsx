import { useLocation } from 'preact-iso';
import type { Resource } from '../../../app/loading/use-resource.ts';
import { useResource } from '../../../app/loading/use-resource.ts';
import { Failure } from '../../../design/failure.tsx';
import { queryOf } from '../../addresses.ts';
import type { RuleAddress } from '../../addresses.ts';
import { getExplanation } from '../../requests.ts';
import type { PartitionSet, StoredRule } from '../../types.ts';
import { OneSet } from './one-set.tsx';
import { SetList } from './set-list.tsx';

interface Props {
  rule: RuleAddress;
  stored: StoredRule;
  sets: Resource<PartitionSet[]>;
}

/** The partition sets of the rule, and one of them in detail. */
export function Running({ rule, stored, sets }: Props) {
  const { url } = useLocation();
  if (sets.value === null)
    return sets.error === null ? (
      <p class="empty">Loading …</p>
    ) : (
      <Failure text={`The partition sets cannot be read. ${sets.error}`} onRetry={sets.reload} />
    );
  const wanted = queryOf(url).get('set');
  const chosen = sets.value.find(({ id }) => id === wanted) ?? sets.value[0];
  return (
    <section class="panel" aria-label="partition sets">
      {sets.error !== null && <Failure text={sets.error} onRetry={sets.reload} />}
      <header>
        <h2>Now</h2>
        <p class="aside">{sets.value.length === 1 ? '1 partition set' : `${sets.value.length} partition sets`}</p>
      </header>
      {chosen === undefined ? (
        <NothingRuns key={stored.version} rule={rule} />
      ) : (
        <>
          <SetList sets={sets.value} chosen={chosen} />
          <OneSet key={chosen.id} rule={rule} set={chosen} isGrouped={stored.rule.groupBy !== undefined} />
        </>
      )}
    </section>
  );
}

/** vigil says why no partition set runs. */
function NothingRuns({ rule }: { rule: RuleAddress }) {
  const why = useResource(() => getExplanation(rule, ''), []);
  return (
    <div class="why">
      <p>No partition set runs yet.</p>
      {why.error !== null && <p class="aside lines">{why.error}</p>}
      {why.value !== null && <p class="aside lines">{why.value.text.join('\n')}</p>}
    </div>
  );
}
