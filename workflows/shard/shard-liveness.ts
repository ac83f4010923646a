import * as wf from '@temporalio/workflow';
import type { RunState } from '../partition-set/run-state.ts';
import { coordinatorOf } from './split-set.ts';

/** A shard that has been asked something, or is held because its outbox is full, is probed after this time. */
const LOOK_AGAIN_MS = 15_000;
/** How often shards are probed that owe no answer. */
const LOOK_EVERY_MS = 3_600_000;

/**
 * Probes shards that do not answer: Temporal rejects a signal to one that no longer runs, and the partition set is then
 * rebuilt.
 */
export async function watchingShards(run: RunState): Promise<void> {
  for (;;) {
    await wf.condition(() => coordinatorOf(run) !== null);
    const coordinator = coordinatorOf(run);
    // Replay: histories recorded before this patch did not probe.
    if (coordinator === null || !wf.patched('watch-shards')) return;
    const isExpected = await wf.condition(
      () => coordinatorOf(run) !== coordinator || coordinator.isAsking() || coordinator.isHeld(),
      LOOK_EVERY_MS,
      { summary: 'look for the shards' },
    );
    const asked = coordinator.oldestBarrier();
    if (isExpected) await wf.sleep(LOOK_AGAIN_MS, { summary: 'wait for the shards' });
    if (coordinatorOf(run) !== coordinator) continue;
    const silent = coordinator.oldestBarrier() === asked ? coordinator.missing() : [];
    coordinator.outboxes.probe(isExpected ? [...silent, ...coordinator.held()] : undefined);
  }
}
