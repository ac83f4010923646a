import { readFile } from 'node:fs/promises';

/** Which process a server runs in, and which vigil started it. */
export interface PidRecord {
  pid: number;
  vigilPid: number;
}

export function formatPidFile({ pid, vigilPid }: PidRecord): string {
  return `${pid}\n${vigilPid}\n`;
}

/** null where there is no such file, or no two numbers in it. */
export async function readPidFile(path: string): Promise<PidRecord | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const [pid, vigilPid] = text.split('\n').map(Number);
  return pid && vigilPid ? { pid, vigilPid } : null;
}
