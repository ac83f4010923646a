import { readFile } from 'node:fs/promises';

/** The process of a server, and the vigil process that started it. */
export interface PidRecord {
  pid: number;
  vigilPid: number;
}

export function formatPidFile({ pid, vigilPid }: PidRecord): string {
  return `${pid}\n${vigilPid}\n`;
}

/** Reads a pid file; null if it does not exist or does not have two numbers. */
export async function readPidFile(path: string): Promise<PidRecord | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const [pid, vigilPid] = text.split('\n').map(Number);
  return pid && vigilPid ? { pid, vigilPid } : null;
}
