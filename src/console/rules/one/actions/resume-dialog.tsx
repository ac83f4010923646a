import { useState } from 'preact/hooks';
import { Dialog } from '../../../design/dialog/dialog.tsx';
import { resumeRule } from '../../requests.ts';
import type { ResumeMode } from '../../types.ts';
import type { ActionProps } from './action-props.ts';

const MODES: readonly [mode: ResumeMode, title: string, what: string][] = [
  ['publish', 'Publish', 'It catches up, and publishes as if it had not been paused, only later.'],
  ['silently', 'Silently', 'It catches up, and publishes only the difference between its alerts at the pause and now.'],
  ['afresh', 'Afresh', 'It begins anew, without its state. Its open alerts resolve.'],
];

export function ResumeDialog({ rule, version, onClose, onDone }: ActionProps) {
  const [chosen, setChosen] = useState<ResumeMode>('publish');
  const resume = async (): Promise<void> => {
    await resumeRule(rule, version, chosen);
    onDone('is resumed');
  };
  return (
    <Dialog title={`Resume ${rule.ruleId}`} action="Resume" onConfirm={resume} onClose={onClose}>
      <fieldset class="modes">
        <legend>What about the events since the pause?</legend>
        {MODES.map(([mode, title, what]) => (
          <label key={mode} class="mode">
            <input type="radio" name="mode" checked={chosen === mode} onChange={() => setChosen(mode)} />
            <span>
              <strong>{title}</strong>
              <span class="aside">{what}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
