import { useResource } from '../../../app/loading/use-resource.ts';
import { Dialog } from '../../../design/dialog/dialog.tsx';
import type { RuleAddress } from '../../addresses.ts';
import { getRule, getVersionText, rollBack, tryRule } from '../../requests.ts';
import { DiffView } from './diff-view.tsx';
import { EffectList } from '../actions/effect-list.tsx';
import { asYaml, ruleIn } from '../rule-yaml.ts';

interface Props {
  rule: RuleAddress;
  /** The version that is stored. */
  version: number;
  /** The version to return to. */
  to: number;
  onClose: () => void;
  onDone: () => void;
}

/** Returns to a version. A dry run says before what differs, and what begins anew. */
export function RollBackDialog({ rule, version, to, onClose, onDone }: Props) {
  const tried = useResource(async () => {
    const [now, then] = await Promise.all([getRule(rule), getVersionText(rule, to)]);
    const [before, after] = await Promise.all([asYaml(await ruleIn(now.text)), asYaml(await ruleIn(then))]);
    return { before, after, ...(await tryRule(rule, version, after)) };
  }, []);
  const confirm = async (): Promise<void> => {
    await rollBack(rule, version, to);
    onDone();
  };
  return (
    <Dialog
      title={`Roll back ${rule.ruleId} to version ${to}`}
      action="Roll back"
      isReady={tried.value !== null}
      onConfirm={confirm}
      onClose={onClose}
    >
      <EffectList tried={tried} />
      {tried.value !== null && <DiffView before={tried.value.before} after={tried.value.after} label="what changes" />}
    </Dialog>
  );
}
