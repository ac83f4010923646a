import type { Lane } from '../routing/lane.ts';
import type { Watermark } from '../ports.ts';
import type { StreamReader } from '../reading/stream-reader.ts';

export interface WatermarkDeps {
  reader: Pick<StreamReader, 'reads' | 'seen' | 'reached'>;
  /** The client's lane, if this reader has it. */
  find: (clientId: string) => Lane | undefined;
  /** Whether this reader may act for its lanes. */
  isValid: () => boolean;
}

/** Computes the watermark of a client. */
export function createWatermark({ reader, find, isValid }: WatermarkDeps): Watermark {
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
      // The lane is in order, so everything before the ack floor is accepted. Its last millisecond may get more events.
      const watermark = lane.floorOf(clientId).storedAtMs - 1;
      if (watermark >= deadlineMs) return watermark;
      const { pending, handedOut, atMs } = await reader.seen(deadlineMs, signal);
      await lane.reached(clientId, handedOut, signal);
      if (pending === 0 && isValid() && lane === find(clientId)) return atMs - 1;
      // The answer changes only with the next message.
      if (pending > 0) await reader.reached(handedOut + 1, signal);
    }
  };
}
