import type { Lane } from '../routing/lane.ts';
import type { SeenUntil } from '../ports.ts';
import type { StreamReader } from '../reading/stream-reader.ts';

export interface WatermarkDeps {
  reader: Pick<StreamReader, 'reads' | 'seen' | 'reached'>;
  /** The client's lane, where this reader has it. */
  find: (clientId: string) => Lane | undefined;
  /** Whether this reader may act for its lanes. */
  isValid: () => boolean;
}

/** Answers how far the events of a client have been taken. */
export function createWatermark({ reader, find, isValid }: WatermarkDeps): SeenUntil {
  return async (clientId, deadlineMs, signal) => {
    const lane = find(clientId);
    for (;;) {
      if (lane === undefined || lane !== find(clientId) || !reader.reads(lane) || !isValid())
        throw new Error('another reader has this lane');
      for (
        let wait = lane.rulesAreChanging(clientId, signal);
        wait !== undefined;
        wait = lane.rulesAreChanging(clientId, signal)
      )
        await wait;
      // Something later has been taken, and the lane is in order: so everything before has. More may come in its last millisecond.
      const floor = lane.floorOf(clientId).storedAtMs - 1;
      if (floor >= deadlineMs) return floor;
      const { pending, handedOut, atMs } = await reader.seen(deadlineMs, signal);
      await lane.reached(clientId, handedOut, signal);
      if (pending === 0 && isValid() && lane === find(clientId)) return atMs - 1;
      // To ask again before more has come would only keep the server busy.
      if (pending > 0) await reader.reached(handedOut + 1, signal);
    }
  };
}
