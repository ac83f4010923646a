import type { KvEntry, NatsConnection } from 'nats';
import type { TokensPort } from '../../api/ports/access.ts';
import type { AccessToken } from '../../core/model/access/access.ts';
import { TOKENS_BUCKET } from '../connection/topology.ts';
import { orUnreachable } from '../connection/unreachable.ts';
import { watchLoaded } from '../connection/watch-kv.ts';

/** The tokens in a NATS KV bucket, by id; every process has all of them in memory, and hears of changes at once. */
export interface TokensBucket extends TokensPort {
  stop(): void;
}

/** `onFirst`: called when there is a token, now or later. */
export async function openTokens(nats: NatsConnection, onFirst: () => void): Promise<TokensBucket> {
  const kv = await nats.jetstream().views.kv(TOKENS_BUCKET, { history: 1 });
  const known = new Map<string, AccessToken>();
  const learn = (token: AccessToken): void => {
    const isFirst = known.size === 0;
    known.set(token.id, token);
    if (isFirst) onFirst();
  };
  const stop = await watchLoaded(nats, kv, (entry: KvEntry) => {
    if (entry.operation === 'PUT') learn(entry.json<AccessToken>());
    else known.delete(entry.key);
  });
  return {
    all: () => [...known.values()],
    get: (id) => known.get(id),
    async put(token) {
      await orUnreachable(() => kv.put(token.id, JSON.stringify(token)));
      learn(token);
    },
    stop,
  };
}
