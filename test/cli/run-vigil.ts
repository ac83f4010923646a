import { runCli } from '../../src/cli/cli.ts';
import type { CliIo } from '../../src/cli/io.ts';

/** Runs the command in this process; returns its exit code and output. */
export async function vigil(
  argv: string[],
  env: Record<string, string> = {},
  outside: Partial<CliIo> = {},
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: CliIo = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env,
    fetch,
    openArchive: () => Promise.reject(new Error('This command must not open the stream.')),
    ...outside,
  };
  const code = await runCli(argv, io);
  return { code, out, err };
}
