import * as wf from '@temporalio/workflow';
import { jsonBytes } from '../../src/core/primitives/text/bytes.ts';
import { titleOf } from '../../src/core/language/describe.ts';
import { RULE_SHARD_WORKFLOW } from '../messages.ts';
import { SEARCH_KEYS } from '../shared/search-attributes.ts';
import { lettersSignal, type ShardInput, type ShardMessage, type ShardOutbox } from './messages.ts';

/** JSON bytes in one signal. */
const SIGNAL_BYTES = 128 * 1024;
/** JSON bytes of all signals and starts in flight: the commands of a workflow task may have 4 MB in total. */
const UNDER_WAY_BYTES = 8 * SIGNAL_BYTES;
/** JSON bytes that may wait when a run ends: they are carried over, next to the outbox and the rule. */
const CARRIED_BYTES = 4 * SIGNAL_BYTES;

/** Called when a shard no longer runs. */
export type ShardLost = (detail: string) => void;

/**
 * Sends messages to the shards of a partition set: one signal at a time per shard, so that they arrive in order; the
 * next signal has all that accumulated.
 */
export class ShardOutboxes {
  readonly all: ShardOutbox[];
  private underWay = 0;
  /** JSON bytes: of all that waits, and of what is in flight. */
  private waitingBytes: number;
  private underWayBytes = 0;
  private paused = false;
  private stopped = false;
  private readonly pinged = new Set<number>();
  private readonly isHeld: (shard: number) => boolean;

  /** `isHeld`: a shard that cannot publish receives nothing for now. */
  constructor(boxes: ShardOutbox[], isHeld: (shard: number) => boolean) {
    this.all = boxes;
    this.isHeld = isHeld;
    this.waitingBytes = boxes
      .flatMap(({ letters: messages }) => messages)
      .reduce((sum, message) => sum + sizeOf(message), 0);
  }

  enqueue(shard: number, message: ShardMessage): void {
    this.all[shard]?.letters.push(message);
    this.waitingBytes += sizeOf(message);
  }

  enqueueAll(message: ShardMessage): void {
    for (const shard of this.all.keys()) this.enqueue(shard, message);
  }

  /** Starts nothing new. */
  pause(): void {
    this.paused = true;
  }

  /** All shards run, and the waiting messages can be carried over. */
  areLight(): boolean {
    return this.waitingBytes <= CARRIED_BYTES && this.all.every(({ birth }) => birth === null);
  }

  isQuiet(): boolean {
    return this.underWay === 0;
  }

  /** JSON bytes that wait or are in flight. */
  size(): number {
    return this.waitingBytes;
  }

  /** Messages that wait or are in flight. */
  waiting(): number {
    return this.all.reduce((sum, { letters: messages }) => sum + messages.length, 0);
  }

  /** Sends these shards, or all, an empty signal, which fails if the shard no longer runs. */
  probe(shards: readonly number[] = [...this.all.keys()]): void {
    for (const shard of shards) this.pinged.add(shard);
  }

  /** Abandons the shards. */
  stop(): void {
    this.stopped = true;
  }

  /** Resolves when the shards have ended or were abandoned. */
  async run(lost: ShardLost): Promise<void> {
    await Promise.all(this.all.map((outbox, shard) => this.serve(outbox, shard, lost)));
  }

  private async serve(outbox: ShardOutbox, shard: number, lost: ShardLost): Promise<void> {
    const hasWork = (): boolean =>
      outbox.birth !== null || (outbox.letters.length > 0 && !this.isHeld(shard)) || this.pinged.has(shard);
    const isStopped = (): boolean => this.stopped;
    const mayGo = (): boolean => isStopped() || (!this.paused && this.underWayBytes < UNDER_WAY_BYTES && hasWork());
    for (let isOver = false; !isOver;) {
      // All waiting loops wake at the same time; the first ones use up the budget.
      while (!mayGo()) await wf.condition(mayGo);
      if (isStopped()) return;
      this.underWay += 1;
      try {
        if (outbox.birth !== null) await this.start(outbox.shardId, outbox.birth);
        else isOver = await this.send(outbox, shard);
        outbox.birth = null;
      } catch (error) {
        if (wf.isCancellation(error) || !(error instanceof wf.TemporalFailure)) throw error;
        if (!isStopped()) lost(`${outbox.shardId}: ${error.message}`);
      } finally {
        this.underWay -= 1;
      }
    }
  }

  private async start(shardId: string, birth: ShardInput): Promise<void> {
    const bytes = jsonBytes(birth);
    this.underWayBytes += bytes;
    try {
      await start(shardId, birth);
    } finally {
      this.underWayBytes -= bytes;
    }
  }

  /** Sends as much as fits into a signal. Returns whether it was the last one. */
  private async send({ shardId, letters: messages }: ShardOutbox, shard: number): Promise<boolean> {
    let bytes = 0;
    const end = messages.findIndex((message, index) => {
      const isFull = index > 0 && bytes + sizeOf(message) > SIGNAL_BYTES;
      if (!isFull) bytes += sizeOf(message);
      return isFull;
    });
    // A probe of a held shard carries nothing.
    const batch = this.isHeld(shard) ? [] : messages.slice(0, end === -1 ? messages.length : end);
    if (batch.length === 0) bytes = 0;
    this.pinged.delete(shard);
    this.underWayBytes += bytes;
    try {
      await wf.getExternalWorkflowHandle(shardId).signal(lettersSignal, batch, { shardId });
    } finally {
      this.underWayBytes -= bytes;
    }
    messages.splice(0, batch.length);
    this.waitingBytes -= bytes;
    return batch.some(({ kind }) => kind === 'end');
  }
}

const sizes = new WeakMap<ShardMessage, number>();

function sizeOf(message: ShardMessage): number {
  const size = sizes.get(message) ?? jsonBytes(message);
  sizes.set(message, size);
  return size;
}

async function start(workflowId: string, input: ShardInput): Promise<void> {
  const { rule, version, state } = input;
  const { shard = 0, shards = 0 } = state.share ?? {};
  await wf.startChild(RULE_SHARD_WORKFLOW, {
    workflowId,
    args: [input],
    // It outlives the runs of its coordinator, which ends it with a message.
    parentClosePolicy: 'ABANDON',
    cancellationType: 'ABANDON',
    staticSummary: `${titleOf(rule)} (shard ${shard + 1} of ${shards})`,
    typedSearchAttributes: [
      { key: SEARCH_KEYS.clientId, value: rule.clientId },
      { key: SEARCH_KEYS.ruleId, value: rule.id },
      { key: SEARCH_KEYS.ruleStatus, value: input.status },
      { key: SEARCH_KEYS.ruleVersion, value: version },
    ],
  });
}
