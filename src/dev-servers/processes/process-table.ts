import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { run } from './command.ts';

export interface ProcessEntry {
  parentPid: number;
  /** The command line, arguments separated by spaces. */
  command: string;
}

/** The entry of a running process; null if there is none. */
export async function processEntry(pid: number): Promise<ProcessEntry | null> {
  return existsSync('/proc/self/stat') ? entryFromProc(pid) : entryFromPs(pid);
}

/** Linux: reads /proc, so it needs no tools and works in minimal containers. */
export async function entryFromProc(pid: number): Promise<ProcessEntry | null> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // `pid (name) state parent …`: the name can contain any character, so read after the last parenthesis.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = commandLine.replaceAll('\0', ' ').trim();
    return state === 'Z' ? null : { parentPid: Number(parent), command };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** macOS: `ps` exits with 1 if the process does not exist. */
export async function entryFromPs(pid: number): Promise<ProcessEntry | null> {
  const output = await run('ps', ['-ww', '-o', 'ppid=,state=,command=', '-p', String(pid)], { env: process.env }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 1) return '';
      throw error;
    },
  );
  const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/s.exec(output.trimEnd());
  if (match?.[3] === undefined || match[2]?.startsWith('Z')) return null;
  return { parentPid: Number(match[1]), command: match[3] };
}

/** The process ended before or during the read. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
}

/** Signals a process and its children: each server of vigil leads its own process group. */
export function signalGroup(leaderPid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leaderPid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
