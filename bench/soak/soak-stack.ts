import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import getPort from 'get-port';
import { connectNats } from '../../src/nats/connection/connection.ts';
import { connectTemporal } from '../../src/temporal/connection/connect.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { NAMESPACE, startOwnServers } from '../servers/system/own-servers.ts';
import type { Nats } from '../servers/system/stack.ts';
import { startVigilProcess, type VigilProcess } from './vigil-process.ts';

/** Servers with temporary data, vigil in a separate process, and clients to observe both. */
export interface SoakStack {
  dataDir: string;
  vigil: VigilProcess;
  nats: Nats;
  temporal: Client;
  put(rule: Rule): Promise<StoredRule>;
  /** @throws Error if vigil exits with an error code */
  stop(): Promise<void>;
}

export async function startSoakStack(): Promise<SoakStack> {
  const servers = await startOwnServers();
  const { dataDir, temporalAddress, natsUrl } = servers;
  const port = await getPort({ host: '127.0.0.1' });
  const rulesDir = join(dataDir, 'rules');
  await mkdir(rulesDir);
  const vigil = await startVigilProcess(
    {
      PORT: String(port),
      TEMPORAL_ADDRESS: temporalAddress,
      NATS_URL: natsUrl,
      VIGIL_DATA_DIR: dataDir,
      VIGIL_RULES_DIR: rulesDir,
      VIGIL_LOG_LEVEL: 'warn',
    },
    join(dataDir, 'vigil.log'),
  );
  const nats = await connectNats(natsUrl, 'vigil-soak');
  const temporal = await connectTemporal(temporalAddress, NAMESPACE);
  return {
    ...{ dataDir, vigil, nats, temporal },
    async put(rule) {
      const answer = await fetch(`${vigil.url}/api/clients/${rule.clientId}/rules/${rule.id}`, {
        method: 'PUT',
        body: JSON.stringify(rule),
      });
      if (!answer.ok) throw new Error(`PUT ${rule.id}: ${answer.status} ${await answer.text()}`);
      const { version, storedAt } = (await answer.json()) as { version: number; storedAt: string };
      return { rule, version, storedAtMs: Date.parse(storedAt) };
    },
    async stop() {
      const code = await vigil.stop();
      await nats.close();
      await temporal.connection.close();
      await servers.stop();
      if (code !== 0) throw new Error(`vigil exited with code ${String(code)}`);
    },
  };
}
