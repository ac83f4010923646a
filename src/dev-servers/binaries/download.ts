import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { VigilError } from '../../core/primitives/errors.ts';
import { reasonOf, run } from '../processes/command.ts';
import { withHeartbeat } from '../processes/heartbeat.ts';
import type { Archive } from './pins.ts';

/** Abort a download after this time without data. */
const SILENCE_MS = 10_000;
const BYTES_IN_MB = 1_000_000;

export interface DownloadContext {
  env: NodeJS.ProcessEnv;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Fetches, checks and unpacks an archive into `folder`; returns the path of its executable.
 * @throws VigilError SERVER_DOWNLOAD_FAILED, SERVER_CHECKSUM
 */
export async function downloadExecutable(archive: Archive, folder: string, context: DownloadContext): Promise<string> {
  const file = join(folder, 'archive.tar.gz');
  const sha256 = await fetchTo(file, archive.url, context);
  if (sha256 !== archive.sha256) {
    throw new VigilError(
      'SERVER_CHECKSUM',
      `${archive.url} has SHA-256 ${sha256}; expected ${archive.sha256}. vigil does not use the file. Check whether a proxy ` +
        'changes downloads, or install the server yourself and put it on PATH.',
      { url: archive.url, expected: archive.sha256, got: sha256 },
    );
  }
  await run('tar', ['-xzf', file, '-C', folder], context).catch((error: unknown) => {
    context.signal.throwIfAborted();
    throw failed(archive.url, `cannot unpack the archive: ${reasonOf(error)}`, error);
  });
  return join(folder, archive.executable);
}

async function fetchTo(file: string, url: string, context: DownloadContext): Promise<string> {
  const silence = new AbortController();
  const watchdog = setTimeout(() => silence.abort(new Error(`no data for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  const hash = createHash('sha256');
  let received = 0;

  async function receive(): Promise<void> {
    const response = await fetch(url, { signal: AbortSignal.any([context.signal, silence.signal]) });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
      for await (const chunk of chunks) {
        watchdog.refresh();
        hash.update(chunk);
        received += chunk.length;
        yield chunk;
      }
    };
    await pipeline(response.body, counted, createWriteStream(file));
  }

  try {
    await withHeartbeat(
      context.progress,
      (seconds) => `… ${(received / BYTES_IN_MB).toFixed(1)} MB after ${seconds} s`,
      receive(),
    );
  } catch (error) {
    context.signal.throwIfAborted();
    throw failed(url, reasonOf(error), error);
  } finally {
    clearTimeout(watchdog);
  }
  return hash.digest('hex');
}

function failed(url: string, reason: string, cause: unknown): VigilError {
  return new VigilError('SERVER_DOWNLOAD_FAILED', `${url}: ${reason}.`, { url, reason }, { cause });
}
