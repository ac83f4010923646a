import { expect, it } from 'vitest';
import { BackfillCheckpoint } from '../../../src/ingest/reconcile/backfill-checkpoint.ts';

it('the checkpoint is just below the oldest open backfill', () => {
  const done = new BackfillCheckpoint(3);
  expect(done.version).toBe(3);
  done.begin(7);
  done.begin(9);
  done.end(9);
  expect(done.version).toBe(6);
  done.end(7);
  expect(done.version).toBe(9);
});
