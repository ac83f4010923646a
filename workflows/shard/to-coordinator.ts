import type { AlertPhase } from '../../src/core/model/alert/alert.ts';
import type { ShardReport } from '../../src/core/sharding/merge.ts';
import type { ShardChange } from '../../src/core/sharding/shard-state.ts';
import { jsonBytes } from '../../src/core/primitives/text/bytes.ts';
import type { Asked, ShardInput, ShardNotice } from './messages.ts';

/** Changes per signal, and their JSON bytes: far below the 2 MB limit of a payload. */
const CHANGES_PER_REPORT = 1_000;
const BYTES_PER_REPORT = 256 * 1024;

/** What a shard tells its coordinator: reports of barriers, and what it needs, in order. */
export class ToCoordinator {
  /** Not sent yet. */
  readonly notices: ShardNotice[];
  /** Whether the outbox was full when the coordinator was told last. */
  wasHeld: boolean;
  private readonly from: { epoch: string; shard: number };
  /** What it has asked for since the last barrier. */
  private asked: Asked;
  private status: AlertPhase;

  constructor(
    from: { epoch: string; shard: number },
    { notices, asked, status }: Pick<ShardInput, 'notices' | 'asked' | 'status'>,
    isHeld: boolean,
  ) {
    this.from = from;
    this.notices = notices;
    this.asked = asked;
    this.status = status;
    this.wasHeld = isHeld;
  }

  /** Says that the shard runs, with what it said last. */
  checkIn(isHeld: boolean): void {
    const { asked, status } = this;
    this.notices.push({ ...this.from, kind: 'ask', asked, status, isHeld });
  }

  /** Says what the shard needs, unless it has said so. */
  ask({ asked, status, isHeld }: { asked: Asked; status: AlertPhase; isHeld: boolean }): void {
    const isNew =
      (asked.cut && !this.asked.cut) ||
      (asked.dueAt !== null && (this.asked.dueAt === null || asked.dueAt < this.asked.dueAt));
    if (!isNew && status === this.status && isHeld === this.wasHeld) return;
    this.asked = asked;
    this.status = status;
    this.wasHeld = isHeld;
    this.checkIn(isHeld);
  }

  /** The deadline, epoch ms; Infinity if the coordinator was asked for it. */
  alarm(dueAt: number): number {
    return this.asked.dueAt !== null && this.asked.dueAt <= dueAt ? Infinity : dueAt;
  }

  /** The shard, or its coordinator, was reset. */
  conflict(round: number): void {
    this.notices.push({ ...this.from, kind: 'conflict', round });
  }

  /** Reports a barrier, in as many signals as the changes need. Empties `changes`. */
  report(round: number, { changes, holders, after }: Omit<ShardReport, 'shard'> & { after: ShardChange | null }): void {
    do {
      const part = nextPart(changes);
      const isLast = changes.length === 0;
      this.notices.push({
        ...this.from,
        kind: 'report',
        round,
        changes: part,
        holders: isLast ? holders : [],
        isLast,
        after,
      });
    } while (changes.length > 0);
    this.asked = { cut: false, dueAt: null };
  }

  carry(): Pick<ShardInput, 'notices' | 'asked' | 'status'> {
    const { notices, asked, status } = this;
    return { notices, asked, status };
  }
}

/** Drops names from a change that is too large by itself. Returns its JSON bytes. */
export function fitIntoSignal(change: ShardChange): number {
  let bytes = jsonBytes(change);
  while (change.named.length > 0 && bytes > BYTES_PER_REPORT) {
    change.named.shift();
    change.more = true;
    bytes = jsonBytes(change);
  }
  return bytes;
}

/** Removes and returns the first changes that fit into one signal. */
function nextPart(changes: ShardChange[]): ShardChange[] {
  let bytes = 0;
  const end = changes.findIndex((change, index) => {
    bytes += fitIntoSignal(change);
    return index > 0 && (index >= CHANGES_PER_REPORT || bytes > BYTES_PER_REPORT);
  });
  return changes.splice(0, end === -1 ? changes.length : end);
}
