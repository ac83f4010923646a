import * as wf from '@temporalio/workflow';
import { SEARCH_KEYS } from './search-keys.ts';
import { RULE_SHARD_WORKFLOW } from './messages.ts';
import { lettersSignal, type ShardInput, type ShardLetter } from './shard-messages.ts';

/** What waits for one shard, in order. */
export interface ShardBox {
  shardId: string;
  /** With what it is to be started; null: it runs. */
  birth: ShardInput | null;
  letters: ShardLetter[];
}

/** Characters of JSON in one signal. */
const SIGNAL_SIZE = 128 * 1024;
/** Of all signals that are under way: a workflow task can say no more than 4 MB at once. */
const UNDER_WAY_SIZE = 8 * SIGNAL_SIZE;
/** Of what may wait when a run ends: it is carried over. */
const CARRIED_SIZE = 8 * SIGNAL_SIZE;

/** Takes letters to the shards of a set: one signal at a time for each, so that all come in order; what gathers meanwhile goes together. */
export class ShardBoxes {
  readonly boxes: ShardBox[];
  private underWay = 0;
  /** Characters of JSON: of all that waits, and of what is under way. */
  private waitingSize: number;
  private underWaySize = 0;
  private paused = false;

  constructor(boxes: ShardBox[]) {
    this.boxes = boxes;
    this.waitingSize = boxes.flatMap(({ letters }) => letters).reduce((sum, letter) => sum + sizeOf(letter), 0);
  }

  post(shard: number, letter: ShardLetter): void {
    this.boxes[shard]?.letters.push(letter);
    this.waitingSize += sizeOf(letter);
  }

  postAll(letter: ShardLetter): void {
    for (const shard of this.boxes.keys()) this.post(shard, letter);
  }

  /** Begins nothing new. */
  pause(): void {
    this.paused = true;
  }

  /** All of them run, and what waits can be carried over. */
  areLight(): boolean {
    return this.waitingSize <= CARRIED_SIZE && this.boxes.every(({ birth }) => birth === null);
  }

  isQuiet(): boolean {
    return this.underWay === 0;
  }

  /** Characters of JSON that wait or are under way. */
  size(): number {
    return this.waitingSize;
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
    const mayGo = (): boolean => !this.paused && this.underWaySize < UNDER_WAY_SIZE && (box.birth !== null || box.letters.length > 0);
    for (let isOver = false; !isOver; ) {
      // All that wait are woken at once, and those that come first take the room.
      while (!mayGo()) await wf.condition(mayGo);
      this.underWay += 1;
      if (box.birth !== null) await start(box.shardId, box.birth);
      else isOver = await this.send(box);
      box.birth = null;
      this.underWay -= 1;
    }
  }

  /** Sends what fits into a signal. Tells whether it was the last. */
  private async send({ shardId, letters }: ShardBox): Promise<boolean> {
    let size = 0;
    const end = letters.findIndex((letter, index) => {
      const isFull = index > 0 && size + sizeOf(letter) > SIGNAL_SIZE;
      if (!isFull) size += sizeOf(letter);
      return isFull;
    });
    const batch = letters.slice(0, end === -1 ? letters.length : end);
    this.underWaySize += size;
    await wf.getExternalWorkflowHandle(shardId).signal(lettersSignal, batch);
    letters.splice(0, batch.length);
    this.underWaySize -= size;
    this.waitingSize -= size;
    return batch.some(({ kind }) => kind === 'end');
  }
}

const sizes = new WeakMap<ShardLetter, number>();

function sizeOf(letter: ShardLetter): number {
  const size = sizes.get(letter) ?? JSON.stringify(letter).length;
  sizes.set(letter, size);
  return size;
}

async function start(workflowId: string, input: ShardInput): Promise<void> {
  const { rule, version, state } = input;
  const { shard = 0, shards = 0 } = state.share ?? {};
  await wf.startChild(RULE_SHARD_WORKFLOW, {
    workflowId,
    args: [input],
    // It outlives the runs of its head, and ends when it is told.
    parentClosePolicy: 'ABANDON',
    cancellationType: 'ABANDON',
    staticSummary: `${rule.clientId}: ${rule.name ?? rule.id}, shard ${shard + 1} of ${shards}`,
    typedSearchAttributes: [
      { key: SEARCH_KEYS.clientId, value: rule.clientId },
      { key: SEARCH_KEYS.ruleId, value: rule.id },
      { key: SEARCH_KEYS.ruleStatus, value: input.status },
      { key: SEARCH_KEYS.ruleVersion, value: version },
    ],
  });
}
