import { runCli } from '../../src/cli/cli.ts';

/** Runs the command in this process, and returns its exit code and what it wrote. */
export async function vigil(argv: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env,
    fetch,
  };
  const code = await runCli(argv, io);
  return { code, out, err };
}
