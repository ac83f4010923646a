import type { JetStreamClient } from 'nats';
import type { FloorPort, LaneFloor } from '../../subscriber/ports.ts';
import { LANES_BUCKET } from './topology.ts';

/** The floors of the lanes, in a NATS KV bucket. */
export async function openFloorStore(js: JetStreamClient): Promise<FloorPort> {
  const kv = await js.views.kv(LANES_BUCKET, { history: 1 });
  return {
    async load(lane) {
      const entry = await kv.get(lane);
      return entry === null || entry.operation !== 'PUT' ? null : entry.json<LaneFloor>();
    },
    async save(lane, floor) {
      await kv.put(lane, JSON.stringify(floor));
    },
  };
}
