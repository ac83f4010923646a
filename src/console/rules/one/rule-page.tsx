import { PageTitle } from '../../app/page-title.tsx';
import { useRefresh } from '../../app/loading/use-refresh.ts';
import { useResource } from '../../app/loading/use-resource.ts';
import { Failure } from '../../design/failure.tsx';
import type { RuleAddress } from '../addresses.ts';
import { getRule, getSets } from '../requests.ts';
import { RuleHead } from './rule-head.tsx';
import { RuleText } from './rule-text.tsx';
import { Running } from './partitions/running.tsx';
import { statusOf } from './rule-status.ts';
import { VersionList } from './versions/version-list.tsx';
import '../rules.css';
import './one.css';

const REFRESH = { pauseMs: 1_500, pollMs: 8_000 };

/** `/rules/:clientId/:ruleId` */
export const RulePage = ({ clientId, ruleId }: RuleAddress) => (
  <OneRule key={`${clientId}/${ruleId}`} rule={{ clientId, ruleId }} />
);

function OneRule({ rule }: { rule: RuleAddress }) {
  const loaded = useResource(() => getRule(rule), []);
  const sets = useResource(() => getSets(rule), []);
  const reload = (): void => {
    loaded.reload();
    sets.reload();
  };
  const isOfRule = (clientId: string, ruleId: string): boolean => clientId === rule.clientId && ruleId === rule.ruleId;
  useRefresh(reload, {
    ...REFRESH,
    when: (message) => message.kind === 'alert' && isOfRule(message.alert.data.clientId, message.alert.data.ruleId),
  });
  if (loaded.value === null)
    return loaded.error === null ? (
      <div class="empty-page">
        <PageTitle text={rule.ruleId} isUnseen />
        <p>Loading …</p>
      </div>
    ) : (
      <div class="rules-page">
        <BackToList />
        <PageTitle text={rule.ruleId} />
        <Failure text={loaded.error} onRetry={reload} />
      </div>
    );
  const { stored, text } = loaded.value;
  return (
    <div class="rules-page">
      <BackToList />
      {loaded.error !== null && <Failure text={loaded.error} onRetry={reload} />}
      <RuleHead rule={rule} stored={stored} text={text} status={statusOf(stored, sets.value)} onChanged={reload} />
      <Running rule={rule} stored={stored} sets={sets} />
      <RuleText text={text} />
      <VersionList rule={rule} stored={stored} onChanged={reload} />
    </div>
  );
}

const BackToList = () => (
  <a class="back" href="/rules">
    ← All rules
  </a>
);
