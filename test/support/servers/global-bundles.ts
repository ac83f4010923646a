import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../../src/temporal/worker/bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Paths of the workflows' bundles, made from the sources: `encrypted` for a vigil with encryption keys. */
    workflowBundles: { usual: string; encrypted: string };
  }
}

/** A vitest `globalSetup`: bundles the workflows once, which takes seconds, for all tests that start a worker. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bundles-'));
  const write = async (name: string, isEncrypted: boolean): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, await bundleWorkflows({ isEncrypted }));
    return path;
  };
  project.provide('workflowBundles', {
    usual: await write('usual.js', false),
    encrypted: await write('encrypted.js', true),
  });
  return () => rm(folder, { recursive: true, force: true });
}
