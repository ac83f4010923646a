import { useState } from 'preact/hooks';
import { useConsole } from '../../../app/console.ts';
import { editPath, type RuleAddress } from '../../addresses.ts';
import type { StoredRule } from '../../types.ts';
import { PauseDialog } from './pause-dialog.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import { ResumeDialog } from './resume-dialog.tsx';
import { SwitchDialog } from './switch-dialog.tsx';

interface Props {
  rule: RuleAddress;
  stored: StoredRule;
  text: string;
  onChanged: () => void;
}

/** What the user may do with the rule. */
export function RuleActions({ rule, stored, text, onChanged }: Props) {
  const { may, say } = useConsole();
  const [open, setOpen] = useState<'pause' | 'resume' | 'switch' | 'reset' | null>(null);
  const close = (): void => setOpen(null);
  const done = (what: string): void => {
    say(`${rule.ruleId} ${what}.`);
    onChanged();
  };
  const isOn = stored.rule.enabled !== false;
  if (!may('operator')) return null;
  const shared = { rule, version: stored.version, onClose: close, onDone: done };
  return (
    <div class="group" role="group" aria-label="actions">
      {may('editor') && (
        <a class="button" href={editPath(rule)}>
          Edit
        </a>
      )}
      {isOn && stored.paused === null && (
        <button type="button" onClick={() => setOpen('pause')}>
          Pause …
        </button>
      )}
      {stored.paused !== null && (
        <button type="button" onClick={() => setOpen('resume')}>
          Resume …
        </button>
      )}
      {may('editor') && (
        <button type="button" onClick={() => setOpen('switch')}>
          {isOn ? 'Disable …' : 'Enable …'}
        </button>
      )}
      {may('admin') && isOn && (
        <button type="button" onClick={() => setOpen('reset')}>
          Reset …
        </button>
      )}
      {open === 'pause' && <PauseDialog {...shared} />}
      {open === 'resume' && <ResumeDialog {...shared} />}
      {open === 'switch' && <SwitchDialog {...shared} text={text} to={isOn ? 'disable' : 'enable'} />}
      {open === 'reset' && <ResetDialog {...shared} />}
    </div>
  );
}
