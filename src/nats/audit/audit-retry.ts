import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../core/model/access/audit.ts';

/** Stores an entry; one with the same id only once. Rejects if that fails. */
export type AuditWrite = (entry: AuditEntry, id: string) => Promise<void>;

/** Entries that wait, of at most 8 KB each. */
const MOST_WAITING = 1_000;
const AGAIN_AFTER_MS = 5_000;

interface Waiting {
  entry: AuditEntry;
  id: string;
}

export interface AuditRetryDeps {
  write: AuditWrite;
  /** An entry that waits could not be stored this time, either. */
  onFailed: (error: unknown) => void;
  /** An entry that has waited is stored. */
  onStored: (entry: AuditEntry) => void;
  /** There is no room for an entry any more: it is not tried again. */
  onDropped: (entry: AuditEntry) => void;
  /** Tests set short ones. */
  mostWaiting?: number;
  againAfterMs?: number;
}

/** Tries entries of the audit that could not be stored again, until they are, or there are too many of them. */
export class AuditRetry {
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private trying: Promise<void> | undefined;
  private readonly deps: AuditRetryDeps;

  constructor(deps: AuditRetryDeps) {
    this.deps = deps;
  }

  get count(): number {
    return this.waiting.length;
  }

  /** Rejects if the entry is not stored: it waits then. Once one is stored, those that wait are tried again, too. */
  async write(entry: AuditEntry): Promise<void> {
    const id = randomUUID();
    try {
      await this.deps.write(entry, id);
    } catch (error) {
      this.waiting.push({ entry, id });
      const dropped = this.count > (this.deps.mostWaiting ?? MOST_WAITING) ? this.waiting.shift() : undefined;
      if (dropped !== undefined) this.deps.onDropped(dropped.entry);
      this.later();
      throw error;
    }
    if (this.count > 0) void this.tryAll();
  }

  /** Tries once more what waits. */
  async stop(): Promise<void> {
    await this.tryAll();
    clearTimeout(this.timer);
    for (const { entry } of this.waiting.splice(0)) this.deps.onDropped(entry);
  }

  private later(): void {
    this.timer ??= setTimeout(() => void this.tryAll(), this.deps.againAfterMs ?? AGAIN_AFTER_MS).unref();
  }

  private tryAll(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.trying ??= this.tryEach().finally(() => {
      this.trying = undefined;
      if (this.count > 0) this.later();
    });
    return this.trying;
  }

  /** Until one fails: it comes last the next time, so that it does not keep the others out. */
  private async tryEach(): Promise<void> {
    for (let [first] = this.waiting; first !== undefined; [first] = this.waiting) {
      const tried = first;
      try {
        await this.deps.write(tried.entry, tried.id);
      } catch (error) {
        this.deps.onFailed(error);
        this.waiting = [...this.waiting.filter((each) => each !== tried), tried];
        return;
      }
      this.waiting = this.waiting.filter((each) => each !== tried);
      this.deps.onStored(tried.entry);
    }
  }
}
