import type { Client } from '@temporalio/client';
import { afterAll, expect } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { connectUser, type NatsUser } from '../nats/nats-user.ts';
import { startVigil, type TestVigil, type VigilOptions } from './vigil.ts';

export interface FileVigil {
  vigil: TestVigil;
  user: NatsUser;
  temporal: Client;
}

/** vigil for the calling test file, a user and a client of Temporal; stopped after its last test. No part may fail. */
export async function fileVigil(options: VigilOptions): Promise<FileVigil> {
  const { natsUrl, temporalAddress } = options.servers;
  const [vigil, user, temporal] = await Promise.all([
    startVigil(options),
    connectUser(natsUrl),
    connectTemporal(temporalAddress, 'default'),
  ]);
  afterAll(async () => {
    await vigil.stop();
    await user.close();
    await temporal.connection.close();
    expect(vigil.failures).toEqual([]);
  });
  return { vigil, user, temporal };
}
