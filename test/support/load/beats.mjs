import { parentPort, workerData } from 'node:worker_threads';
import { connect } from 'nats';

/*
 * Sends an event of each machine at an interval, until it gets a message. In a thread of its own: a vigil that starts in
 * the thread of the test would hold the events back.
 */
const { natsUrl, clientId, machines, everyMs } = workerData;
const nats = await connect({ servers: natsUrl });
const jetstream = nats.jetstream();
const beat = () =>
  Promise.all(
    machines.map((machineId) =>
      jetstream.publish(`events.${clientId}.status`, JSON.stringify({ machineId, state: 'running' })),
    ),
  );
const timer = setInterval(beat, everyMs);
parentPort.once('message', async () => {
  clearInterval(timer);
  await nats.drain();
});
