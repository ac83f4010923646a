import { useState } from 'preact/hooks';
import { Dialog } from '../../../design/dialog/dialog.tsx';
import { pauseRule } from '../../requests.ts';
import type { ActionProps } from './action-props.ts';

/** Characters of a note that vigil takes. */
const NOTE_LENGTH = 1_024;

export function PauseDialog({ rule, version, onClose, onDone }: ActionProps) {
  const [note, setNote] = useState('');
  const pause = async (): Promise<void> => {
    await pauseRule(rule, version, note.trim());
    onDone('is paused');
  };
  return (
    <Dialog title={`Pause ${rule.ruleId}`} action="Pause" onConfirm={pause} onClose={onClose}>
      <p>
        The rule keeps its state, and its clock stops: later events and deadlines wait. It publishes nothing until it is
        resumed.
      </p>
      <label>
        Why (optional)
        <input value={note} maxLength={NOTE_LENGTH} onInput={({ currentTarget }) => setNote(currentTarget.value)} />
      </label>
    </Dialog>
  );
}
