import { writeForOthers } from '../core/primitives/text/write-json.ts';
import type { OpenArchive } from './ports.ts';

/** The environment of a command: that of the process, or a fake in tests. */
export interface CliIo {
  stdout: { write(text: string): unknown };
  /** Shows progress if it is a terminal. */
  stderr: { write(text: string): unknown; isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  fetch: typeof fetch;
  openArchive: OpenArchive;
}

/** Exit codes: success; or a failure that the output explains. */
export const OK = 0;
export const FAILED = 1;
/** Of commands that compare, as of `diff`: there are differences; or they could not compare. */
export const DIFFERS = 1;
export const NOT_COMPARED = 2;

export const printJson = (io: CliIo, value: unknown): void => void io.stdout.write(`${writeForOthers(value, 2)}\n`);
