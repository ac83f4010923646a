import type { ActivityDeps } from '../../../activities/activities.ts';

/** A reader with this watermark function; a recovery request fails the test. */
export const readerOf = (seenUntil: ActivityDeps['reader']['seenUntil']): ActivityDeps['reader'] => ({
  seenUntil,
  pause: () => Promise.resolve(),
  recover: ({ setId, reason }) => Promise.reject(new Error(`unexpected recovery request of ${setId}: ${reason}`)),
});
