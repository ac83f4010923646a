import { useResource } from '../../../app/loading/use-resource.ts';
import { Dialog } from '../../../design/dialog/dialog.tsx';
import { switchRule, tryRule } from '../../requests.ts';
import type { ActionProps } from './action-props.ts';
import { EffectList } from './effect-list.tsx';
import { asYaml, ruleIn } from '../rule-yaml.ts';

/** Enables or disables a rule, and says before what that does. @param text the rule as the API wrote it */
export function SwitchDialog({
  rule,
  version,
  text,
  to,
  onClose,
  onDone,
}: ActionProps & { text: string; to: 'enable' | 'disable' }) {
  const tried = useResource(async () => {
    const { enabled: _before, ...rest } = await ruleIn(text);
    return tryRule(rule, version, await asYaml(to === 'enable' ? rest : { ...rest, enabled: false }));
  }, []);
  const turn = async (): Promise<void> => {
    await switchRule(rule, version, to);
    onDone(`is ${to}d`);
  };
  const name = to === 'enable' ? 'Enable' : 'Disable';
  return (
    <Dialog
      title={`${name} ${rule.ruleId}`}
      action={name}
      isReady={tried.value !== null}
      isDangerous={to === 'disable'}
      onConfirm={turn}
      onClose={onClose}
    >
      <EffectList tried={tried} />
    </Dialog>
  );
}
