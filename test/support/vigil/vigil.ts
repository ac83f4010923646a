import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Log } from '../../../src/observability/log.ts';
import { startApp, type App } from '../../../src/app/app.ts';
import { loadConfig } from '../../../src/app/settings/config.ts';
import { ruleApi, type RuleApi } from './rule-api.ts';
import { runtimeOfVigil } from './runtime.ts';

export interface VigilOptions {
  servers: { temporalAddress: string; natsUrl: string };
  /** 0 picks a free port. */
  port?: number;
  signalsPerRun?: number;
  split?: { atBytes: number; shards: number };
  groupsPerRule?: number;
  /** File with the workflows of another build. */
  bundlePath?: string;
  /** Further settings. */
  env?: Record<string, string>;
}

export interface TestVigil extends RuleApi {
  app: App;
  /** Logged warnings and errors. */
  complaints: string[];
  /** Those of this client or without a client, because the tests of a file share servers. */
  complaintsOf(clientId: string): string[];
  /** Parts that failed. */
  failures: Error[];
  stop(): Promise<void>;
}

/** Runs all of vigil in this process with running servers, a temporary data directory and no seed rules. */
export async function startVigil({
  servers,
  port = 0,
  signalsPerRun,
  split,
  groupsPerRule,
  env = {},
  bundlePath = inject('workflowBundles')[isEncrypted(env) ? 'encrypted' : 'usual'],
}: VigilOptions): Promise<TestVigil> {
  const [complaints, failures]: [string[], Error[]] = [[], []];
  const owners: unknown[] = [];
  const complain = (fields: Record<string, unknown>, text: string): void => {
    complaints.push(`${text} ${describe(fields)}`);
    owners.push(fields['clientId']);
  };
  const log: Log = { info: () => undefined, warn: complain, error: complain };
  const sdkMetrics = await runtimeOfVigil(log);

  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-test-'));
  const config = loadConfig({
    PORT: String(port),
    TEMPORAL_ADDRESS: servers.temporalAddress,
    NATS_URL: servers.natsUrl,
    VIGIL_DATA_DIR: dataDir,
    VIGIL_RULES_DIR: dataDir,
    ...env,
  });
  const app = await startApp({
    config,
    fresh: false,
    simulator: false,
    log,
    progress: () => undefined,
    onFailure: (error) => failures.push(error),
    sdkMetrics,
    ...(signalsPerRun !== undefined && { signalsPerRun }),
    ...(split !== undefined && { split }),
    groupsPerRule,
    workerLimits: { bundlePath },
  });
  return {
    app,
    complaints,
    complaintsOf: (clientId) =>
      complaints.filter((_text, index) => owners[index] === undefined || owners[index] === clientId),
    failures,
    ...ruleApi(app.url),
    async stop() {
      await app.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const isEncrypted = (env: Record<string, string>): boolean =>
  Object.keys(env).some((name) => name.startsWith('VIGIL_ENCRYPTION_KEYS'));

const describe = (fields: Record<string, unknown>): string =>
  Object.values(fields)
    .map((value) => (value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value)))
    .join(' ');
