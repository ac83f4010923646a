import type { ActivityDeps } from '../../activities/activities.ts';

/** A reader that answers watermark questions so, and that no set of the test asks for events again. */
export const readerOf = (seenUntil: ActivityDeps['reader']['seenUntil']): ActivityDeps['reader'] => ({
  seenUntil,
  pause: () => Promise.resolve(),
  recover: ({ setId, reason }) => Promise.reject(new Error(`${setId} asks for its events again: ${reason}`)),
});
