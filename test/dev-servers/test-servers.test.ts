import { connect } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServers, type TestServers } from '../support/servers.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(() => servers.stop());

test('NATS can be killed and restarted at the same address with its data', async () => {
  const before = await connect({ servers: servers.natsUrl, reconnect: false });
  await (await before.jetstreamManager()).streams.add({ name: 'kept', subjects: ['kept'] });
  await before.jetstream().publish('kept', 'one');

  await servers.nats.kill();
  await before.closed();
  await servers.nats.restart();

  const after = await connect({ servers: servers.natsUrl });
  expect((await (await after.jetstreamManager()).streams.info('kept')).state.messages).toBe(1);
  await after.close();
});
