import { useState } from 'preact/hooks';
import { Dialog } from '../../design/dialog/dialog.tsx';
import type { Actions } from '../actions.ts';
import { eventProblem, firstEvent } from './event-text.ts';
import type { MachineView } from '../state.ts';

interface Props {
  clientId: string;
  machines: readonly MachineView[];
  actions: Actions;
  onClose: () => void;
}

/** Sends any event of the client. */
export function EventDialog({ clientId, machines, actions, onClose }: Props) {
  const [type, setType] = useState('status');
  const [text, setText] = useState(() => firstEvent(machines));
  const problem = eventProblem(text);
  return (
    <Dialog
      title={`Send an event of ${clientId}`}
      action="Send"
      isReady={problem === null && type !== ''}
      onConfirm={() => actions.event(type, text)}
      onClose={onClose}
    >
      <label>
        Type
        <input
          value={type}
          maxLength={128}
          required
          autofocus
          onInput={({ currentTarget }) => setType(currentTarget.value)}
        />
      </label>
      <label>
        Event (JSON)
        <textarea
          class="event-text"
          rows={8}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <p class="aside" role="status">
        {problem ?? 'Rules read it at once, as if the machine had sent it.'}
      </p>
    </Dialog>
  );
}
