import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { useLoaded } from '../../app/loading/use-loaded.ts';
import { Failure } from '../../design/failure.tsx';
import { dateTime } from '../../design/time/time.ts';
import type { DeadLetter } from '../../server/wire.ts';
import { DeadLetterActions } from './dead-letter-actions.tsx';
import { DEAD_LETTER_ADVICE } from './reasons.ts';
import { getDeadLetter } from './requests.ts';

const EVERY_MS = 60_000;
/** A browser shows this much text at once without a delay. */
const SHOWN_CHARACTERS = 16_384;

interface Props {
  sequence: number;
  onDone: () => void;
  onClose: () => void;
}

/** A dead letter with its event. */
export function DeadLetterDialog({ sequence, onDone, onClose }: Props) {
  const { may } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { value, error, reload } = useLoaded(String(sequence), () => getDeadLetter(sequence), EVERY_MS);
  return (
    <dialog ref={dialog} class="dialog wide" aria-labelledby="dead-letter-title" onClose={onClose}>
      <h2 id="dead-letter-title">Dead letter {sequence}</h2>
      {error !== null && <Failure text={`It could not be loaded. ${error}`} onRetry={reload} />}
      {value && <Details deadLetter={value} />}
      <footer>
        {value && may('operator') && <DeadLetterActions sequences={[sequence]} onDone={onDone} />}
        <button autofocus onClick={() => dialog.current?.close()}>
          Close
        </button>
      </footer>
    </dialog>
  );
}

function Details({ deadLetter }: { deadLetter: DeadLetter }) {
  const { reason, detail, subject, clientId, eventSequence, eventStoredAt, buriedAt, bytes } = deadLetter;
  return (
    <>
      <dl class="facts">
        <dt>Reason</dt>
        <dd>
          <code>{reason ?? 'unknown'}</code> {detail}
        </dd>
        <dt>What to do</dt>
        <dd>{DEAD_LETTER_ADVICE[reason ?? ''] ?? 'Another program wrote this dead letter: ask its owner.'}</dd>
        <dt>Client</dt>
        <dd>{clientId}</dd>
        <dt>Subject</dt>
        <dd>{subject ?? '–'}</dd>
        <dt>Event</dt>
        <dd>
          {eventSequence !== null && `#${eventSequence} `}
          {eventStoredAt !== null && `stored ${dateTime(eventStoredAt)}, `}
          {bytes} bytes
        </dd>
        <dt>Dead letter</dt>
        <dd>stored {dateTime(buriedAt)}</dd>
      </dl>
      <Payload {...deadLetter} />
    </>
  );
}

function Payload({ payload, encoding, isWhole, bytes }: DeadLetter) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? payload : payload.slice(0, SHOWN_CHARACTERS);
  return (
    <>
      <h3>{encoding === 'utf-8' ? 'Event' : 'Event, in base64: it is no UTF-8'}</h3>
      {!isWhole && (
        <p class="aside">Only the first bytes of {bytes} are left: the event stream no longer has the event.</p>
      )}
      <pre class="payload" tabIndex={0} role="region" aria-label="event">
        {shown === '' ? '(empty)' : shown}
      </pre>
      {shown.length < payload.length && (
        <button onClick={() => setAll(true)}>Show all {payload.length.toLocaleString('en')} characters</button>
      )}
    </>
  );
}
