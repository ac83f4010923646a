import * as wf from '@temporalio/workflow';
import { SEARCH_KEYS } from './search-keys.ts';
import { lettersSignal, RULE_SHARD_WORKFLOW, type ShardInput, type ShardLetter } from './shard-messages.ts';

/** What waits for one shard, in order. */
export interface ShardBox {
  shardId: string;
  /** With what it is to be started; null: it runs. */
  birth: ShardInput | null;
  letters: ShardLetter[];
}

/** Events in one signal; what a set is sent at a time is no more, in events and in bytes. */
const EVENTS_PER_SIGNAL = 1_000;

/** Takes letters to the shards of a set: one signal at a time for each, so that all come in order; what gathers meanwhile goes together. */
export class ShardBoxes {
  readonly boxes: ShardBox[];
  private underWay = 0;
  private paused = false;

  constructor(boxes: ShardBox[]) {
    this.boxes = boxes;
  }

  post(shard: number, letter: ShardLetter): void {
    this.boxes[shard]?.letters.push(letter);
  }

  postAll(letter: ShardLetter): void {
    for (const { letters } of this.boxes) letters.push(letter);
  }

  /** Begins nothing new. */
  pause(): void {
    this.paused = true;
  }

  /** All of them run. */
  areBorn(): boolean {
    return this.boxes.every(({ birth }) => birth === null);
  }

  isQuiet(): boolean {
    return this.underWay === 0;
  }

  /** Letters that wait or are under way. */
  waiting(): number {
    return this.boxes.reduce((sum, { letters }) => sum + letters.length, 0);
  }

  /** Resolves when the shards have ended. */
  async run(): Promise<void> {
    await Promise.all(this.boxes.map((box) => this.serve(box)));
  }

  private async serve(box: ShardBox): Promise<void> {
    for (let isOver = false; !isOver; ) {
      await wf.condition(() => !this.paused && (box.birth !== null || box.letters.length > 0));
      this.underWay += 1;
      if (box.birth !== null) await start(box.shardId, box.birth);
      else isOver = (await send(box)).some(({ kind }) => kind === 'end');
      box.birth = null;
      this.underWay -= 1;
    }
  }
}

async function send({ shardId, letters }: ShardBox): Promise<ShardLetter[]> {
  let events = 0;
  const end = letters.findIndex((letter, index) => {
    events += letter.kind === 'events' ? letter.events.length : 0;
    return index > 0 && events > EVENTS_PER_SIGNAL;
  });
  const batch = letters.slice(0, end === -1 ? letters.length : end);
  await wf.getExternalWorkflowHandle(shardId).signal(lettersSignal, batch);
  return letters.splice(0, batch.length);
}

async function start(workflowId: string, input: ShardInput): Promise<void> {
  const { rule, version, state } = input;
  const { shard = 0, shards = 0 } = state.share ?? {};
  await wf.startChild(RULE_SHARD_WORKFLOW, {
    workflowId,
    args: [input],
    // It outlives the runs of its head, and ends when it is told.
    parentClosePolicy: 'ABANDON',
    staticSummary: `${rule.clientId}: ${rule.name ?? rule.id}, shard ${shard + 1} of ${shards}`,
    typedSearchAttributes: [
      { key: SEARCH_KEYS.clientId, value: rule.clientId },
      { key: SEARCH_KEYS.ruleId, value: rule.id },
      { key: SEARCH_KEYS.ruleStatus, value: input.status },
      { key: SEARCH_KEYS.ruleVersion, value: version },
    ],
  });
}
