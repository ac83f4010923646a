import * as wf from '@temporalio/workflow';
import type { AlertPhase } from '../../src/core/model/alert/alert.ts';
import { fewerTasks } from './fewer-tasks.ts';
import { SEARCH_KEYS } from './search-attributes.ts';

/** At most two writes in this time. */
const FLAPPING_MS = 1_000;
/** By then, what flapped is written. */
const SETTLED_MS = 3_000;

interface Shown {
  status: AlertPhase;
  version: number;
}

/**
 * The search attributes of this workflow. Temporal writes each change to its visibility store. They are written when they
 * change, in a task that is completed anyway; while they flap, what has come of it is written later.
 */
export class UiState {
  private written: Shown;
  private current: Shown;
  /** Times of the last two writes, epoch ms, older first. */
  private writtenMs: [number, number] = [-Infinity, -Infinity];

  /** Of what is written already. */
  constructor(status: AlertPhase, version: number) {
    this.written = { status, version };
    this.current = this.written;
  }

  show(status: AlertPhase, version: number, details: string): void {
    this.current = { status, version };
    wf.setCurrentDetails(details);
    if (this.isOutdated() && !(this.isFlapping() && fewerTasks())) this.write();
  }

  isOutdated(): boolean {
    const { written, current } = this;
    return written.status !== current.status || written.version !== current.version;
  }

  /** Writes what has changed. Call it before the run ends: the next one takes its status as written. */
  write(): void {
    if (!this.isOutdated()) return;
    this.written = this.current;
    this.writtenMs = [this.writtenMs[1], Date.now()];
    const { status, version } = this.written;
    wf.upsertSearchAttributes([
      { key: SEARCH_KEYS.ruleStatus, value: status },
      { key: SEARCH_KEYS.ruleVersion, value: version },
    ]);
  }

  private isFlapping(): boolean {
    return Date.now() - this.writtenMs[0] < FLAPPING_MS;
  }
}

/** Writes the search attributes that flapped, if no other task has done so. */
export async function settling({ ui }: { readonly ui: UiState }): Promise<void> {
  for (;;) {
    await wf.condition(() => ui.isOutdated());
    await wf.sleep(SETTLED_MS, { summary: 'search attributes' });
    ui.write();
  }
}
