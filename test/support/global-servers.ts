import type { TestProject } from 'vitest/node';
import { startTestServers } from './servers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** In a test: `inject('servers')`. */
    servers: { temporalAddress: string; natsUrl: string };
  }
}

/** A vitest `globalSetup`: one pair of servers for all test files of a project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await startTestServers();
  project.provide('servers', { temporalAddress: servers.temporalAddress, natsUrl: servers.natsUrl });
  return () => servers.stop();
}
