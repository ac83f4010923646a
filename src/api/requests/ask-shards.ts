import { VigilError } from '../../core/primitives/errors.ts';

/** Workflows that one request asks at the same time. */
const AT_ONCE = 16;
/** So long it asks further ones; each answers within the time of a query. */
const ASK_FOR_MS = 10_000;

/** What the shards of a split set answer, and the workflow ids of those that do not: they are busy, or gone. */
export interface ShardAnswers<Answer> {
  answers: Answer[];
  unanswered: string[];
}

/** Asks all shards of a split set, some at a time, until the time is over. `ask`: null from one that does not run. */
export async function askShards<Answer>(
  ids: readonly string[],
  ask: (id: string) => Promise<Answer | null>,
  askForMs = ASK_FOR_MS,
): Promise<ShardAnswers<Answer>> {
  const endsAtMs = performance.now() + askForMs;
  const waiting = [...ids];
  const found = new Map<string, Answer>();
  const askOn = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined && performance.now() < endsAtMs; id = waiting.shift()) {
      const answer = await ask(id).catch(orSilence);
      if (answer !== null) found.set(id, answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  // In the order of the shards.
  return {
    answers: ids.flatMap((id) => found.get(id) ?? []),
    unanswered: ids.filter((id) => !found.has(id)),
  };
}

function orSilence(error: unknown): null {
  if (error instanceof VigilError && error.code === 'TEMPORAL_UNREACHABLE') return null;
  throw error;
}
