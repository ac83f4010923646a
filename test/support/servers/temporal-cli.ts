import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinary } from '../../../src/dev-servers/binaries/find-binary.ts';
import { hostPlatform, TEMPORAL } from '../../../src/dev-servers/binaries/pins.ts';

/** Runs a command of Temporal's own command line, like an operator. Resolves with its output. */
export type TemporalCli = (...args: string[]) => Promise<string>;

export async function temporalCli(address: string): Promise<TemporalCli> {
  const { signal } = new AbortController();
  const { env } = process;
  const executable = await findBinary(TEMPORAL, { env, platform: hostPlatform(), progress: () => {}, signal });
  return async (...args) =>
    (await promisify(execFile)(executable, [...args, '--address', address, '--namespace', 'default'])).stdout;
}
