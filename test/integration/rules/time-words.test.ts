import { millis } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { expectedOf, ruleOf, TIME_WORDS } from '../../support/evaluation/time-words.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'time-words';
const PATIENT = { timeout: 20_000, interval: 50 };
/** Delay on a busy machine; `evaluatedAt` must be exact. */
const SOON_MS = 3_000;

let vigil: TestVigil;
let user: NatsUser;
let sentMs: number;
beforeAll(async () => {
  [vigil, user] = await Promise.all([startVigil({ servers }), connectUser(servers.natsUrl)]);
  for (const word of TIME_WORDS) await vigil.put(parseRule(ruleOf(word, CLIENT, 's')));
  await user.send(CLIENT, TIME_WORDS[0]?.event ?? {});
  const [stored] = await user.read('EVENTS', `events.${CLIENT}.status`);
  sentMs = millis(stored?.info.timestampNanos ?? 0);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  expect(vigil.failures).toEqual([]);
});

describe('on real servers, after a single event', () => {
  it.each(TIME_WORDS)('$name acts at the exact time, with little delay', async (word) => {
    const { id } = ruleOf(word, CLIENT, 's') as { id: string };
    const published = async (): Promise<{ what: string; lateMs: number }[]> =>
      (await user.read('ALERTS', `alerts.${CLIENT}.${id}`)).map((message) => {
        const { data } = message.json<AlertEnvelope>();
        const atMs = Date.parse(data.evaluatedAt);
        return {
          what: `${atMs - sentMs} ${data.status} ${data.reason}`,
          lateMs: millis(message.info.timestampNanos) - atMs,
        };
      });
    await vi.waitFor(
      async () => expect((await published()).map(({ what }) => what)).toEqual(expectedOf(word, 's')),
      PATIENT,
    );
    expect(Math.max(...(await published()).map(({ lateMs }) => lateMs))).toBeLessThan(SOON_MS);
  });
});
