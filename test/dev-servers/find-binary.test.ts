import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onPath } from '../../src/dev-servers/processes/command.ts';
import { findBinary, type FindContext } from '../../src/dev-servers/binaries/find-binary.ts';
import { hostPlatform, NATS_SERVER, TEMPORAL, type Archive, type Pin } from '../../src/dev-servers/binaries/pins.ts';
import { freePorts } from '../support/servers/free-ports.ts';

const sayVersion = (text: string): string => `#!/bin/sh\necho "${text}"\n`;

let home: string;
let pathFolder: string;
let cached: string;
let lines: string[];
let closing: Server[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vigil-find-'));
  pathFolder = join(home, 'path');
  cached = join(home, '.cache', 'vigil', 'bin', 'demo-1.2.3');
  lines = [];
  closing = [];
  await mkdir(pathFolder);
});

afterEach(async () => {
  for (const server of closing) server.close();
  await rm(home, { recursive: true });
});

const context = (): FindContext => ({
  env: { PATH: pathFolder, XDG_CACHE_HOME: join(home, '.cache') },
  platform: 'linux-amd64',
  progress: (line) => lines.push(line),
  signal: new AbortController().signal,
});

function pinOf(archive: Archive | null): Pin {
  return {
    command: 'demo',
    version: '1.2.3',
    archives: archive === null ? {} : { 'linux-amd64': archive },
    goPackage: 'example.test/demo@v1.2.3',
    homepage: 'https://example.test/install',
    addressSetting: 'DEMO_ADDRESS',
  };
}

async function executable(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o755 });
}

/** A release on a local server, with the tools to unpack it on PATH. */
async function release(served: { status?: number } = {}): Promise<Archive> {
  for (const tool of ['tar', 'gzip']) {
    const [real = tool] = await onPath(tool, process.env);
    await symlink(real, join(pathFolder, tool));
  }
  await executable(join(home, 'made', 'demo-v1.2.3', 'demo'), sayVersion('demo from the archive'));
  await promisify(execFile)('tar', ['-czf', join(home, 'demo.tar.gz'), '-C', join(home, 'made'), 'demo-v1.2.3']);
  const bytes = await readFile(join(home, 'demo.tar.gz'));
  const [port = 0] = await freePorts(1);
  const server = createServer((_, response) => response.writeHead(served.status ?? 200).end(bytes));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  closing.push(server);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { url: `http://127.0.0.1:${port}/demo.tar.gz`, sha256, executable: 'demo-v1.2.3/demo' };
}

/** An archive on a port without a server, like without network. */
async function unreachableArchive(): Promise<Archive> {
  const [port = 0] = await freePorts(1);
  return { url: `http://127.0.0.1:${port}/demo.tar.gz`, sha256: '0'.repeat(64), executable: 'demo' };
}

/** A fake `go` that "builds" an executable that prints the package name. */
const fakeGo = (): Promise<void> =>
  executable(
    join(pathFolder, 'go'),
    '#!/bin/sh\nfor last; do :; done\nprintf \'#!/bin/sh\\necho built from %s\\n\' "$last" > "$GOBIN/demo"\n',
  );

async function versionPrinted(path: string): Promise<string> {
  return (await promisify(execFile)(path, ['--version'])).stdout.trim();
}

describe('a server is found', () => {
  test('first on PATH, and its version is printed', async () => {
    await executable(join(pathFolder, 'demo'), sayVersion('demo 9.9'));
    await executable(cached, sayVersion('cached'));

    expect(await findBinary(pinOf(null), context())).toBe(join(pathFolder, 'demo'));
    expect(lines).toEqual([`using ${join(pathFolder, 'demo')} (demo 9.9)`]);
  });

  test('then in the cache; an executable on PATH that does not run is skipped', async () => {
    await executable(join(pathFolder, 'demo'), '#!/bin/sh\nexit 1\n');
    await executable(cached, sayVersion('cached'));

    expect(await findBinary(pinOf(null), context())).toBe(cached);
    expect(lines[0]).toMatch(/^skipping .*`--version` fails$/);
  });

  test('then in the release archive, which is cached', async () => {
    const archive = await release();

    expect(await findBinary(pinOf(archive), context())).toBe(cached);
    expect(await versionPrinted(cached)).toBe('demo from the archive');
    expect(await readdir(dirname(cached))).toEqual(['demo-1.2.3']);

    expect(await findBinary(pinOf(await unreachableArchive()), context())).toBe(cached);
  });

  test('by two concurrent processes, both complete', async () => {
    const archive = await release();

    const both = await Promise.all([findBinary(pinOf(archive), context()), findBinary(pinOf(archive), context())]);

    expect(both).toEqual([cached, cached]);
    expect(await versionPrinted(cached)).toBe('demo from the archive');
  });

  test('then with Go, if the download fails or the platform has no archive', async () => {
    await fakeGo();

    expect(await findBinary(pinOf(await unreachableArchive()), context())).toBe(cached);
    expect(lines.join('\n')).toMatch(/downloading demo 1\.2\.3 .*ECONNREFUSED.*building demo 1\.2\.3 with/s);
    expect(await versionPrinted(cached)).toBe('built from example.test/demo@v1.2.3');

    await rm(cached);
    expect(await findBinary(pinOf(null), context())).toBe(cached);
  });

  test('with Go, if the release is gone (HTTP 404)', async () => {
    await fakeGo();

    await findBinary(pinOf(await release({ status: 404 })), context());

    expect(lines.join('\n')).toContain('HTTP status 404');
    expect(await versionPrinted(cached)).toBe('built from example.test/demo@v1.2.3');
  });
});

describe('if a server cannot be found', () => {
  test('a wrong checksum is an error without fallback', async () => {
    await fakeGo();
    const archive = { ...(await release()), sha256: 'f'.repeat(64) };

    await expect(findBinary(pinOf(archive), context())).rejects.toMatchObject({
      code: 'SERVER_CHECKSUM',
      fields: { expected: 'f'.repeat(64) },
    });
    expect(await readdir(dirname(cached))).toEqual([]);
  });

  test('without network and Go, the error says what to install or set', async () => {
    const finding = findBinary(pinOf(await unreachableArchive()), context());

    await expect(finding).rejects.toMatchObject({ code: 'SERVER_NOT_FOUND' });
    await expect(finding).rejects.toThrow(/https:\/\/example\.test\/install.*https:\/\/go\.dev\/dl.*DEMO_ADDRESS/s);
  });

  test('a failed build has the output of Go', async () => {
    await executable(join(pathFolder, 'go'), '#!/bin/sh\necho "requires go >= 9" >&2\nexit 1\n');

    const finding = findBinary(pinOf(null), context());

    await expect(finding).rejects.toMatchObject({ code: 'SERVER_BUILD_FAILED' });
    await expect(finding).rejects.toThrow(/requires go >= 9.*DEMO_ADDRESS/s);
  });

  test('an abort ends the search with its reason', async () => {
    await fakeGo();
    const reason = new Error('Ctrl-C');

    const finding = findBinary(pinOf(await unreachableArchive()), { ...context(), signal: AbortSignal.abort(reason) });

    await expect(finding).rejects.toBe(reason);
  });
});

test.each([TEMPORAL, NATS_SERVER])('$command is pinned for Linux and macOS, amd64 and arm64', (pin) => {
  expect(Object.keys(pin.archives)).toEqual(['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64']);
  for (const { url, sha256 } of Object.values(pin.archives)) {
    expect(url).toContain(`/v${pin.version}/`);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(pin.goPackage).toContain(`@v${pin.version}`);
  expect(hostPlatform()).toMatch(/^[a-z0-9]+-(amd64|arm64|[a-z0-9]+)$/);
});
