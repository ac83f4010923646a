import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, rmdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file system in memory that can be full for a while. */
export interface Disk {
  folder: string;
  /** Fills it: no more bytes can be written. */
  fill(): Promise<void>;
  free(): Promise<void>;
  /** Unmounts it; nothing must use it any more. */
  remove(): Promise<void>;
}

/** Maximum size; uses memory only for its content. */
const SIZE_BYTES = 8 * 1024 ** 3;
/** Kept free while the disk shrinks, because of concurrent writes; then filled by the ballast. */
const SLACK_BYTES = 256 * 1024;
/** Maximum attempts to shrink. */
const SHRINK_TIMES = 100;
const BALLAST_CHUNKS = [Buffer.alloc(64 * 1024), Buffer.alloc(1)];

const run = promisify(execFile);

/** @throws Error if this user cannot mount */
export async function mountDisk(): Promise<Disk> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-disk-'));
  const ballast = join(folder, 'ballast');
  const resize = (bytes: number): Promise<unknown> => run('mount', ['-o', `remount,size=${bytes}`, folder]);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_BYTES}`, 'vigil-faults', folder]);
  } catch (error) {
    await rmdir(folder);
    throw error;
  }
  // Without unmounting, the disk would stay and keep its memory.
  const unmount = (): void => void execFileSync('umount', ['--lazy', folder]);
  process.once('exit', unmount);
  return {
    folder,
    async fill() {
      await shrink(folder, resize);
      await fillUp(ballast);
    },
    async free() {
      await resize(SIZE_BYTES);
      await rm(ballast, { force: true });
    },
    async remove() {
      process.off('exit', unmount);
      unmount();
      await rmdir(folder);
    },
  };
}

/** Shrinks the disk to the used size, so that a small ballast fills it. */
async function shrink(folder: string, resize: (bytes: number) => Promise<unknown>): Promise<void> {
  for (let times = 1; ; times++) {
    const { blocks, bfree, bsize } = await statfs(folder);
    try {
      await resize((blocks - bfree) * bsize + SLACK_BYTES);
      return;
    } catch (error) {
      if (times === SHRINK_TIMES) throw error;
    }
  }
}

async function fillUp(path: string): Promise<void> {
  const ballast = await open(path, 'w');
  for (const chunk of BALLAST_CHUNKS) {
    const failed = await untilFails(() => ballast.write(chunk));
    if (!(failed instanceof Error && 'code' in failed && failed.code === 'ENOSPC')) throw failed;
  }
  await ballast.close();
}

async function untilFails(work: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await work();
    } catch (error) {
      return error;
    }
  }
}
