import { useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { Dialog } from '../../design/dialog/dialog.tsx';
import { errorText } from '../../server/send.ts';
import { deadLetterCount, oneByOne, outcomeText } from './one-by-one.ts';
import { dropDeadLetter, replayDeadLetter } from './requests.ts';

interface Props {
  /** The dead letters to act on. */
  sequences: readonly number[];
  onDone: () => void;
}

const ACTIONS = {
  replay: {
    verb: 'Replay',
    did: 'replayed',
    act: replayDeadLetter,
    text: 'Each event is published again, oldest first, and its dead letter goes. An event that is still invalid stays here.',
  },
  drop: {
    verb: 'Drop',
    did: 'dropped',
    act: dropDeadLetter,
    text: 'vigil deletes them with their events, which no rule will see. This cannot be undone.',
  },
} as const;

/** Replays or drops dead letters, after a question that says how many. */
export function DeadLetterActions({ sequences, onDone }: Props) {
  const { say, warn } = useConsole();
  const [asked, setAsked] = useState<keyof typeof ACTIONS | null>(null);
  const [isBusy, setBusy] = useState(false);
  const count = sequences.length;
  const perform = async ({ did, act }: (typeof ACTIONS)[keyof typeof ACTIONS]): Promise<void> => {
    setBusy(true);
    const outcome = await oneByOne(sequences, act, errorText);
    setBusy(false);
    (outcome.failures.length === 0 ? say : warn)(outcomeText(did, outcome));
    onDone();
  };
  return (
    <div class="group" role="group" aria-label="actions on the chosen dead letters">
      <button disabled={count === 0 || isBusy} onClick={() => setAsked('replay')}>
        Replay {count > 0 && count}
      </button>
      <button disabled={count === 0 || isBusy} onClick={() => setAsked('drop')}>
        Drop {count > 0 && count}
      </button>
      {asked !== null && (
        <Dialog
          title={`${ACTIONS[asked].verb} ${deadLetterCount(count)}?`}
          action={`${ACTIONS[asked].verb} ${count}`}
          isDangerous={asked === 'drop'}
          onConfirm={() => perform(ACTIONS[asked])}
          onClose={() => setAsked(null)}
        >
          <p>{ACTIONS[asked].text}</p>
        </Dialog>
      )}
    </div>
  );
}
