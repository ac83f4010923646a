import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { onPath, run } from '../../../src/dev-servers/processes/command.ts';
import { userCacheDir } from '../../../src/dev-servers/binaries/user-cache.ts';

// 1.31 sometimes loses a workflow task of a run that continues as new, and with it a query.
const TEST_SERVER_VERSION = '1.35.0';
const LAUNCHER = 'test-server.sh';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>vigil</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${TEST_SERVER_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

const LAUNCHER_TEXT = `#!/bin/sh
exec java -cp "$(dirname "$0")/*" io.temporal.testserver.TestServer "$@"
`;

/** The SDK waits 5 s for the server, which a busy machine may not have. */
const START_ATTEMPTS = 5;

/** Temporal's time-skipping test server. */
export async function createTimeSkipping(): Promise<TestWorkflowEnvironment> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await startTimeSkipping();
    } catch (error) {
      if (attempt === START_ATTEMPTS || !String(error).includes('did not start within')) throw error;
    }
}

/** With Java and Maven, downloads the server once from Maven into the user's cache; otherwise the SDK downloads its own. */
async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const [[java], [maven]] = await Promise.all([onPath('java', process.env), onPath('mvn', process.env)]);
  if (java === undefined || maven === undefined) return TestWorkflowEnvironment.createTimeSkipping();
  const path = await javaTestServer(maven);
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
}

/** The launcher's path. Creates the directory atomically; of concurrent creations, the first one stays. */
async function javaTestServer(maven: string): Promise<string> {
  const cache = userCacheDir(process.env);
  const folder = join(cache, `temporal-test-server-${TEST_SERVER_VERSION}`);
  const launcher = join(folder, LAUNCHER);
  if (existsSync(launcher)) return launcher;

  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, '.test-server-'));
  try {
    const made = join(staging, 'made');
    await mkdir(made);
    await writeFile(join(staging, 'pom.xml'), POM);
    await writeFile(join(made, LAUNCHER), LAUNCHER_TEXT, { mode: 0o755 });
    // A separate local repository: two processes must not write Maven's default one concurrently.
    const repository = `-Dmaven.repo.local=${join(staging, 'repository')}`;
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${made}`];
    await run(maven, ['-q', '-B', '-f', join(staging, 'pom.xml'), repository, ...copy], { env: process.env });
    await rename(made, folder).catch((error: unknown) => {
      if (!existsSync(launcher)) throw error;
    });
    return launcher;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
