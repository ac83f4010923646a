import type { OpenArchive } from './ports.ts';

/** What a command has of the outside: the process's own, or a test's. */
export interface CliIo {
  stdout: { write(text: string): unknown };
  /** On a terminal, progress is shown. */
  stderr: { write(text: string): unknown; isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  fetch: typeof fetch;
  openArchive: OpenArchive;
}

/** Exit codes: everything was done; or something was not, and stderr says what. */
export const OK = 0;
export const FAILED = 1;

export const printJson = (io: CliIo, value: unknown): void =>
  void io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
