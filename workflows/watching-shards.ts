import * as wf from '@temporalio/workflow';
import type { ShardDesk } from './shard-desk.ts';

/** A shard that has been asked something answers within this, or is looked for. */
const ANSWER_WITHIN_MS = 60_000;
/** How often shards are looked for of which nothing is asked. */
const LOOK_EVERY_MS = 3_600_000;

/** Looks for shards that do not answer: a message to one that does not run any more is refused, and then the set is rebuilt. */
export async function watchingShards(set: { readonly desk: ShardDesk | null }): Promise<void> {
  for (;;) {
    await wf.condition(() => set.desk !== null);
    const { desk } = set;
    // A run that began when nobody looked goes on as it was recorded.
    if (desk === null || !wf.patched('watch-shards')) return;
    const isAsked = await wf.condition(() => set.desk !== desk || desk.isAsking(), LOOK_EVERY_MS, { summary: 'look for the shards' });
    const asked = desk.oldestRound();
    if (isAsked) await wf.sleep(ANSWER_WITHIN_MS, { summary: 'wait for the shards' });
    if (set.desk === desk && desk.oldestRound() === asked) desk.boxes.ping(isAsked ? desk.missing() : undefined);
  }
}
