import { jsonBytes } from '../../src/core/primitives/text/bytes.ts';
import type { PartitionSetMessage } from '../messages.ts';

/** Messages that a partition set cannot handle yet, in order: its outbox is full, or its run ends. */
export class Inbox {
  private messages: PartitionSetMessage[];
  private bytes: number;

  constructor(messages: readonly PartitionSetMessage[]) {
    this.messages = [...messages];
    this.bytes = jsonBytes(messages);
  }

  /** JSON bytes of all waiting messages. */
  get size(): number {
    return this.messages.length === 0 ? 0 : this.bytes;
  }

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  /**
   * Delivers messages in order, `message` last, until one is not handled completely: that one and those behind it wait.
   * `handle` returns whether it has handled a message completely, and records its progress in the message.
   */
  pass(message: PartitionSetMessage | null, handle: (message: PartitionSetMessage) => boolean): void {
    while (this.messages.length > 0) {
      const [first] = this.messages;
      if (first === undefined || !handle(first)) break;
      this.messages.shift();
      if (this.messages.length === 0) this.bytes = 0;
    }
    if (message !== null && (this.messages.length > 0 || !handle(message))) this.add(message);
  }

  /** Adds a message behind the others. */
  add(message: PartitionSetMessage): void {
    this.messages.push(message);
    this.bytes += jsonBytes(message);
  }

  /** Whether the end of a recovery waits behind its events. */
  get hasRecovered(): boolean {
    return this.messages.some(({ kind }) => kind === 'recovered');
  }

  /** Whether alerts of the stream wait, which are not read again. */
  get hasPublished(): boolean {
    return this.messages.some(({ kind }) => kind === 'published');
  }

  /** Delivers messages right after the first one, which is being handled. */
  addNext(messages: readonly PartitionSetMessage[]): void {
    this.messages.splice(1, 0, ...messages);
    this.bytes += jsonBytes(messages);
  }

  /** Drops the events, which will be read again from the stream. Returns the rules and ends of rules. */
  drop(): PartitionSetMessage[] {
    const others = this.messages.filter(({ kind }) => kind === 'rule' || kind === 'end');
    this.messages = [];
    this.bytes = 0;
    return others;
  }

  carry(): PartitionSetMessage[] {
    return this.messages;
  }
}
