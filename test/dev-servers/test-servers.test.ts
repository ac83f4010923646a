import { connect } from 'nats';
import { expect, test } from 'vitest';
import { localNats } from '../../src/dev-servers/nats.ts';
import { localTemporal } from '../../src/dev-servers/temporal.ts';
import { fileServers } from '../support/servers/servers.ts';
import { tempFiles } from '../support/temp-files.ts';

const servers = await fileServers();
const { folder: dataDir } = tempFiles();
const portOf = (url: string): number => Number(url.split(':').at(-1));

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

test('a server is not ready if another one has taken its port', async () => {
  const patience = { withinMs: 100, signal: new AbortController().signal, progress: () => undefined };
  const nats = localNats({ dataDir, port: portOf(servers.natsUrl) });
  await expect(nats.ready(patience)).rejects.toThrow(/another NATS server answers: vigil-/);
  const port = portOf(servers.temporalAddress);
  const temporal = localTemporal({ dataDir, namespace: 'test-of-another', port, uiPort: 0 });
  await expect(temporal.ready(patience)).rejects.toThrow(/test-of-another.*not found/);
});
