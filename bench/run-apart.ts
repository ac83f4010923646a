import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BENCHES } from './benches.ts';
import { endOnSignals } from './end-on-signals.ts';
import type { Bench, Row } from './row.ts';

/** Runs a benchmark in a separate process, so that memory and compiled code of others do not affect it. */
export function runApart({ name }: Bench): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [name], { execArgv: ['--expose-gc'] });
    let rows: Row[] | undefined;
    child.on('message', (message) => (rows = message as Row[]));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (rows === undefined)
        reject(
          new Error(`The benchmark ${name} exited with code ${String(code)} and no figures; see the output above.`),
        );
      else resolve(rows);
    });
  });
}

/** Runs in the child process. */
if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  // Exits with the parent, which also stops the servers that this process started.
  endOnSignals();
  process.once('disconnect', () => process.exit(1));
  const bench = BENCHES.find(({ name }) => name === process.argv[2]);
  if (bench === undefined) throw new Error(`Unknown benchmark ${String(process.argv[2])}.`);
  process.send(await bench.run());
  process.removeAllListeners('disconnect');
  process.disconnect();
}
