import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, rmdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file system of its own, in memory, which can be full for a while. */
export interface Disk {
  folder: string;
  /** No byte more can be written to it. */
  fill(): Promise<void>;
  free(): Promise<void>;
  /** Nothing may use it any more. */
  remove(): Promise<void>;
}

/** Takes no memory that is not used. */
const SIZE_BYTES = 8 * 1024 ** 3;
/** Left over when the disk shrinks, as others write at that moment; then the ballast takes it. */
const SLACK_BYTES = 256 * 1024;
/** How often they may be quicker than that. */
const SHRINK_TIMES = 100;
const BALLAST_CHUNKS = [Buffer.alloc(64 * 1024), Buffer.alloc(1)];

const run = promisify(execFile);

/** @throws Error where this user may not mount anything */
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
  // It would stay for ever, with the memory that it takes.
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

/** To what is used: a small ballast is enough then, whatever the size of the disk. */
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
