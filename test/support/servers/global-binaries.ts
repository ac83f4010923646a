import { findBinary } from '../../../src/dev-servers/binaries/find-binary.ts';
import { hostPlatform, NATS_SERVER, TEMPORAL } from '../../../src/dev-servers/binaries/pins.ts';

/** A vitest `globalSetup`: finds, downloads or builds the servers, which can take minutes, before the first test file. */
export async function setup(): Promise<void> {
  const progress = (line: string): void => void process.stderr.write(`servers: ${line}\n`);
  const { signal } = new AbortController();
  for (const pin of [TEMPORAL, NATS_SERVER])
    await findBinary(pin, { env: process.env, platform: hostPlatform(), progress, signal });
}
