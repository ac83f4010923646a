import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { run } from './command.ts';

export interface ProcessEntry {
  parentPid: number;
  /** The command line, its arguments joined by blanks. */
  command: string;
}

/** What the system knows of a process, or null when none of that number runs. */
export async function processEntry(pid: number): Promise<ProcessEntry | null> {
  return existsSync('/proc/self/stat') ? entryFromProc(pid) : entryFromPs(pid);
}

/** Linux: needs no tool, so it works in the smallest container too. */
export async function entryFromProc(pid: number): Promise<ProcessEntry | null> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // `pid (name) state parent …`: the name may hold anything, so read behind its last bracket.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = commandLine.replaceAll('\0', ' ').trim();
    return state === 'Z' ? null : { parentPid: Number(parent), command };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** macOS. `ps` ends with 1 where there is no such process. */
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

/** The process vanished before, or while, its files were read. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
}

/** Signals a process with all that it started: vigil's servers lead process groups of their own. */
export function signalGroup(leaderPid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leaderPid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
