import { useEffect, useRef } from 'preact/hooks';
import type { AlertSummary } from '../../server/wire.ts';
import type { Act } from './actions.ts';
import { isSnoozed } from '../describe.ts';
import { SNOOZE_TIMES } from './snooze-times.ts';

/** The longest note that the API takes. */
const NOTE_LENGTH = 1_024;

export interface Asked {
  kind: 'acknowledge' | 'snooze';
  alerts: readonly AlertSummary[];
}

interface ActDialogProps {
  asked: Asked;
  onAct: (act: Act) => void;
  onClose: () => void;
}

/** Asks for a note, and how long a snooze lasts. */
export function ActDialog({ asked: { kind, alerts }, onAct, onClose }: ActDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const note = useRef<HTMLInputElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const done = (act: Act): void => {
    const text = note.current?.value.trim() ?? '';
    onAct({ ...act, ...(text !== '' && { note: text }) });
    dialog.current?.close();
  };
  const snooze = (index: number): void => {
    const time = SNOOZE_TIMES[index];
    if (time) done({ action: 'snooze', until: time.until(new Date()).toISOString() });
  };
  const press = (event: KeyboardEvent): void => {
    if (kind === 'snooze' && event.target !== note.current && /^[1-9]$/.test(event.key)) snooze(Number(event.key) - 1);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (kind === 'acknowledge') done({ action: 'acknowledge' });
    else snooze(0);
  };
  const [first] = alerts;
  const what = alerts.length === 1 && first ? first.message : `${alerts.length} alerts`;
  return (
    <dialog class="act" ref={dialog} onClose={onClose} onKeyDown={press} aria-labelledby="act-title">
      <form onSubmit={submit}>
        <h2 id="act-title">{kind === 'snooze' ? 'Snooze' : 'Acknowledge'}</h2>
        <p class="aside">{what}</p>
        {kind === 'snooze' && <Times snooze={snooze} />}
        {kind === 'snooze' && alerts.some((alert) => isSnoozed(alert, Date.now())) && (
          <button type="button" onClick={() => done({ action: 'unsnooze' })}>
            End the snooze
          </button>
        )}
        <label>
          Note
          <input ref={note} class="field" maxLength={NOTE_LENGTH} autofocus={kind === 'acknowledge'} />
        </label>
        <div class="toolbar">
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          {kind === 'acknowledge' && <button type="submit">Acknowledge</button>}
        </div>
      </form>
    </dialog>
  );
}

const Times = ({ snooze }: { snooze: (index: number) => void }) => (
  <div class="times">
    {SNOOZE_TIMES.map(({ name }, index) => (
      <button key={name} type="button" autofocus={index === 0} onClick={() => snooze(index)}>
        {name} <kbd aria-hidden="true">{index + 1}</kbd>
      </button>
    ))}
  </div>
);
