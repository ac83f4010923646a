import * as wf from '@temporalio/workflow';
import type { ShardCoordinator } from './shard-coordinator.ts';

/** A shard that has been asked something, or that takes nothing as its outbox is full, is looked for after this. */
const LOOK_AGAIN_MS = 15_000;
/** How often shards are looked for of which nothing is expected. */
const LOOK_EVERY_MS = 3_600_000;

/** Looks for shards that do not answer: a message to one that does not run any more is refused, and then the set is rebuilt. */
export async function watchingShards(set: { readonly coordinator: ShardCoordinator | null }): Promise<void> {
  for (;;) {
    await wf.condition(() => set.coordinator !== null);
    const { coordinator } = set;
    // A run that began when nobody looked goes on as it was recorded.
    if (coordinator === null || !wf.patched('watch-shards')) return;
    const isExpected = await wf.condition(
      () => set.coordinator !== coordinator || coordinator.isAsking() || coordinator.isHeld(),
      LOOK_EVERY_MS,
      { summary: 'look for the shards' },
    );
    const asked = coordinator.oldestBarrier();
    if (isExpected) await wf.sleep(LOOK_AGAIN_MS, { summary: 'wait for the shards' });
    if (set.coordinator !== coordinator) continue;
    const silent = coordinator.oldestBarrier() === asked ? coordinator.missing() : [];
    coordinator.outboxes.probe(isExpected ? [...silent, ...coordinator.held()] : undefined);
  }
}
