import { expect, it } from 'vitest';
import { askShards } from '../../../src/api/requests/ask-shards.ts';
import { VigilError } from '../../../src/core/primitives/errors.ts';

const shards = Array.from({ length: 64 }, (_, index) => `shard-${index}`);

it('asks 16 shards at a time, and answers in their order', async () => {
  let [running, most] = [0, 0];
  const { answers, unanswered } = await askShards(shards, async (id) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return id;
  });
  expect({ answers, unanswered, most }).toEqual({ answers: shards, unanswered: [], most: 16 });
});

it('names those that do not answer, and those that it had no time to ask', async () => {
  const silent = new VigilError('TEMPORAL_UNREACHABLE', 'It is busy.');
  const ask = async (id: string) => (id === 'a' ? id : id === 'b' ? null : Promise.reject(silent));
  expect(await askShards(['a', 'b', 'c'], ask)).toEqual({ answers: ['a'], unanswered: ['b', 'c'] });
  expect(await askShards(['a', 'b'], ask, 0)).toEqual({ answers: [], unanswered: ['a', 'b'] });
});

it('rejects with any other failure', async () => {
  await expect(askShards(['a'], () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
});
