import { ErrorCode, NatsError, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { createReaderPort } from '../../../src/nats/reader-link/reader-link.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const LANES = 8;
const TIMEOUT: string = ErrorCode.Timeout;
const SETS = 1_000;

let vigil: TestVigil;
let nats: NatsConnection;
beforeAll(async () => {
  vigil = await startVigil({ servers, env: { VIGIL_PARTS: 'subscriber', VIGIL_LANES: String(LANES) } });
  nats = await connectNats(servers.natsUrl, 'reader-link-test');
});
afterAll(async () => {
  await nats.close();
  await vigil.stop();
  expect(vigil.failures).toEqual([]);
});

describe('the reader with many concurrent watermark requests', () => {
  it('answers all of them with few JetStream requests', async () => {
    let requests = 0;
    nats.subscribe('$JS.API.CONSUMER.INFO.EVENTS.*', { callback: () => void (requests += 1) });
    await nats.flush();
    const { seenUntil } = createReaderPort(nats, LANES);
    const deadlineMs = Date.now() - 1_000;
    const ask = (): Promise<number> =>
      seenUntil('reader-link', deadlineMs).catch((error: unknown) => {
        // Like the activity.
        if (error instanceof NatsError && error.code === TIMEOUT) return ask();
        throw error;
      });
    const answers = await Promise.all(Array.from({ length: SETS }, ask));
    expect(answers.filter((untilMs) => untilMs >= deadlineMs)).toHaveLength(SETS);
    await nats.flush();
    expect(requests).toBeGreaterThan(0);
    expect(requests).toBeLessThanOrEqual(SETS / 20);
  });
});
